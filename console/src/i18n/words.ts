/** Words for codes that the server sends: known ones translated, others shown as they are. */
import { useI18n } from 'vue-i18n'
import { ApiError } from '@/api/client'
import { usualReason } from './reasons'

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

export function useWords() {
  const { t, te } = useI18n()

  /** The word of `code` in a group of the message files; business data keeps its own name. */
  const word = (group: string, code: string | null | undefined): string => {
    if (!code) return t('common.none')
    const key = `${group}.${code}`
    return te(key) ? t(key) : code
  }

  /** Why somebody is on a break; the house's own reasons look like `missed:no_answer`. */
  const breakReason = (reason: string | null | undefined): string =>
    reason ? word('agentState.reason', reason.split(':')[0]) : ''

  /** Why a value was refused; an unusual reason stays as the server gave it. */
  const reason = (why: string): string => {
    const usual = usualReason(why)
    return usual ? t(`reason.${usual.key}`, usual.params) : why
  }

  const problem = (error: unknown): string => {
    const code = error instanceof ApiError ? error.code : 'console_fault'
    const params = error instanceof ApiError ? error.params : {}
    if (code === 'invalid' && params.why) {
      return t('error.invalidWhy', { field: word('fields', text(params.field)), why: reason(text(params.why)) })
    }
    if (te(`error.${code}`)) return t(`error.${code}`, params)
    const status = error instanceof ApiError ? `error.http_${error.status}` : ''
    return te(status) ? t(status) : t('error.unknown', { code })
  }

  return { t, te, word, breakReason, reason, problem }
}
