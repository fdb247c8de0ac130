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

/** One sentence that speaks for the ticket, with every keyword found in it. */
export interface Proof {
  turn: string
  start: number
  text: string
  types: string[]
  keywords: string[]
}

const added = (list: string[], item: string): string[] =>
  item && !list.includes(item) ? [...list, item] : list

/** The evidence by sentence, in order of time. */
export function proofsOf(call: Pick<ContactDetail, 'ticket'>): Proof[] {
  const found = new Map<string, Proof>()
  for (const { turn, start, text, rule } of call.ticket?.evidence ?? []) {
    const { type, keyword } = ruleParts(rule)
    const known = found.get(turn) ?? { turn, start, text, types: [], keywords: [] }
    found.set(turn, {
      ...known,
      types: added(known.types, type),
      keywords: added(known.keywords, keyword),
    })
  }
  return [...found.values()].sort((a, b) => a.start - b.start)
}

/** The text cut at its keywords: `hit` tells which parts are one. */
export function cutAt(text: string, keywords: string[]): { text: string; hit: boolean }[] {
  const escaped = keywords.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  if (escaped.length === 0) return [{ text, hit: false }]
  const parts = text.split(new RegExp(`(${escaped.join('|')})`, 'i'))
  return parts
    .map((part, index) => ({ text: part, hit: index % 2 === 1 }))
    .filter((part) => part.text !== '')
}

function endOf(turns: readonly Turn[], id: string, start: number): number {
  return turns.find((turn) => turn.id === id)?.end ?? start + 2
}

export function marksOf(call: ContactDetail, maskedText: string): Mark[] {
  const turns = call.transcript?.turns ?? []
  const tone = ['high', 'urgent'].includes(call.ticket?.priority ?? '') ? 'bad' : 'warn'
  const evidence = proofsOf(call).map<Mark>((proof) => ({
    key: `evidence-${proof.turn}`,
    start: proof.start,
    end: endOf(turns, proof.turn, proof.start),
    kind: 'evidence',
    tone,
    text: proof.keywords.join(' · '),
  }))
  const masked = turns.flatMap<Mark>((turn) => {
    const window = maskedWindow(turn)
    if (!window) return []
    return [{ key: `masked-${turn.id}`, ...window, kind: 'masked', tone: 'accent', text: maskedText }]
  })
  return [...evidence, ...masked].sort((a, b) => a.start - b.start)
}
