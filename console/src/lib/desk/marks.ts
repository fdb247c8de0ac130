/** Words of the transcript that the ticket draft rests on: which ones, in which sentence, how pressing. */
import type { Turn } from '@/api/types'
import { ruleParts } from '@/lib/marks'
import { pieces } from '@/lib/turnText'
import type { DraftEvidence } from '@/types/desk'

/** The rule's type that makes a ticket more urgent, whatever it is about. */
const PRESSING = 'escalation'

export interface TurnMarks {
  words: string[]
  pressing: boolean
}

export interface Topic extends TurnMarks {
  type: string
  /** The last sentence that speaks for it. */
  turn: string
}

const added = (list: string[], item: string): string[] =>
  item && !list.includes(item) ? [...list, item] : list

export function marksByTurn(evidence: readonly DraftEvidence[]): Map<string, TurnMarks> {
  const found = new Map<string, TurnMarks>()
  for (const { turn, rule } of evidence) {
    const { type, keyword } = ruleParts(rule)
    const known = found.get(turn) ?? { words: [], pressing: false }
    found.set(turn, {
      words: added(known.words, keyword),
      pressing: known.pressing || type === PRESSING,
    })
  }
  return found
}

/** The evidence by what it speaks for: one chip each, pressing ones first. */
export function topicsOf(evidence: readonly DraftEvidence[]): Topic[] {
  const found = new Map<string, Topic>()
  for (const { turn, rule } of evidence) {
    const { type, keyword } = ruleParts(rule)
    const known = found.get(type) ?? { type, words: [], pressing: type === PRESSING, turn }
    found.set(type, { ...known, turn, words: added(known.words, keyword) })
  }
  return [...found.values()].sort((a, b) => Number(b.pressing) - Number(a.pressing))
}

export interface Segment {
  text: string
  mark: boolean
  masked: boolean
}

/** For each character whether it belongs to a marked word; longer words first. */
function markedAt(text: string, words: readonly string[]): boolean[] {
  const marked = Array.from({ length: text.length }, () => false)
  const lower = text.toLowerCase()
  for (const word of words) {
    const wanted = word.toLowerCase()
    for (let at = lower.indexOf(wanted); wanted && at >= 0; at = lower.indexOf(wanted, at + 1)) {
      marked.fill(true, at, at + wanted.length)
    }
  }
  return marked
}

/** A sentence in pieces that look the same: plain, marked, masked. */
export function segments(turn: Pick<Turn, 'text' | 'words' | 'spans'>, words: readonly string[]): Segment[] {
  const marked = markedAt(turn.text, words)
  const found: Segment[] = []
  let at = 0
  for (const piece of pieces({ ...turn, words: [] })) {
    for (const char of piece.text) {
      const mark = marked[at] === true
      const last = found[found.length - 1]
      if (last && last.mark === mark && last.masked === piece.masked) last.text += char
      else found.push({ text: char, mark, masked: piece.masked })
      at += char.length
    }
  }
  return found
}
