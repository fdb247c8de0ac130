/** What the platform says by code (with params) in words; data's own text stays as it is. */
import { useWords } from './words'
import type { Wording } from '@/types/desk'
import { compactTime } from '@/lib/format'
import { useLive } from '@/stores/live'

/** `short` is for tags, `why` for the headline that says why somebody calls. */
export type Form = 'short' | 'why'

export function useSaid() {
  const words = useWords()
  const { t, te, word } = words
  const live = useLive()

  const since = (minutes: number): string =>
    minutes < 1 ? t('desk.justNow') : t('desk.minutesAgo', { n: minutes })

  /** The params, and what sentences need of them: how long ago, about what, how many times by now. */
  function inWords(params: Wording['params'] = {}): Record<string, string | number> {
    const { subject, type, status, days, at, times, minutes } = params
    return {
      ...params,
      about: subject || type || t('ticket.unclear'),
      status: word('customer.status', String(status ?? '')),
      ago: t('desk.daysAgo', { n: Number(days ?? 0) }, Number(days ?? 0)),
      time: at ? compactTime(String(at), live.now) : '',
      since: since(Number(minutes ?? 0)),
      nth: Number(times ?? 0) + 1,
    }
  }

  /** A code that this console does not know yet is shown as it is. */
  function said(what: Wording | string, form?: Form): string {
    if (typeof what === 'string') return what
    if (!what.code) return what.text ?? ''
    const special = `desk.said.${what.code}_${form}`
    const key = form && te(special) ? special : `desk.said.${what.code}`
    return te(key) ? t(key, inWords(what.params)) : (what.text ?? what.code)
  }

  return { ...words, said }
}
