/** A turn's text in pieces: words that have a time, and characters that are masked. */
import type { Turn, Word } from '@/api/types'

export interface Piece {
  text: string
  word: Word | null
  masked: boolean
}

const HIDDEN = /[*＊█]/

/** For each character the word it belongs to; words are looked for in their order. */
function wordOfEach(text: string, words: readonly Word[]): (Word | null)[] {
  const owners: (Word | null)[] = Array.from({ length: text.length }, () => null)
  let from = 0
  for (const word of words) {
    const at = word.text ? text.indexOf(word.text, from) : -1
    if (at < 0) continue
    owners.fill(word, at, at + word.text.length)
    from = at + word.text.length
  }
  return owners
}

/** Neighbouring characters with the same word and the same masking make one piece. */
export function pieces(turn: Pick<Turn, 'text' | 'words' | 'spans'>): Piece[] {
  const owners = wordOfEach(turn.text, turn.words)
  const inSpan = (at: number): boolean =>
    turn.spans.some((span) => span.start <= at && at < span.end)
  const found: Piece[] = []
  for (let at = 0; at < turn.text.length; at += 1) {
    const char = turn.text.charAt(at)
    const word = owners[at] ?? null
    const masked = HIDDEN.test(char) && inSpan(at)
    const last = found[found.length - 1]
    if (last && last.word === word && last.masked === masked) last.text += char
    else found.push({ text: char, word, masked })
  }
  return found
}

/** Where the masked words of a turn sound, in seconds; the whole turn when words have no times. */
export function maskedWindow(turn: Turn): { start: number; end: number } | null {
  if (turn.spans.length === 0) return null
  const hidden = pieces(turn).filter((piece) => piece.masked && piece.word)
  const first = hidden[0]?.word
  const last = hidden[hidden.length - 1]?.word
  return first && last
    ? { start: first.start, end: last.end }
    : { start: turn.start, end: turn.end }
}
