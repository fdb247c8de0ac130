/** Places in a recording worth a jump: evidence of the ticket, masked personal data. */
import type { ContactDetail, Turn } from '@/api/types'
import { maskedWindow } from './turnText'

export interface Mark {
  key: string
  start: number
  end: number
  kind: 'evidence' | 'masked'
  tone: 'bad' | 'warn' | 'accent'
  text: string
}

/** A rule `type:keyword` in two parts; the keyword alone when there is no type. */
export function ruleParts(rule: string): { type: string; keyword: string } {
  const at = rule.indexOf(':')
  return at < 0 ? { type: '', keyword: rule } : { type: rule.slice(0, at), keyword: rule.slice(at + 1) }
}

function endOf(turns: readonly Turn[], id: string, start: number): number {
  return turns.find((turn) => turn.id === id)?.end ?? start + 2
}

export function marksOf(call: ContactDetail, maskedText: string): Mark[] {
  const turns = call.transcript?.turns ?? []
  const tone = ['high', 'urgent'].includes(call.ticket?.priority ?? '') ? 'bad' : 'warn'
  const evidence = (call.ticket?.evidence ?? []).map<Mark>((one, index) => ({
    key: `evidence-${index}`,
    start: one.start,
    end: endOf(turns, one.turn, one.start),
    kind: 'evidence',
    tone,
    text: ruleParts(one.rule).keyword,
  }))
  const masked = turns.flatMap<Mark>((turn) => {
    const window = maskedWindow(turn)
    if (!window) return []
    return [{ key: `masked-${turn.id}`, ...window, kind: 'masked', tone: 'accent', text: maskedText }]
  })
  return [...evidence, ...masked].sort((a, b) => a.start - b.start)
}
