/** What the picker of ready replies decides: which replies in which order, and what is chosen. */
import type { Script } from '@/api/scripts'
import type { Language } from '@/api/types'
import type { Suggestion } from '@/types/desk'

/** In which language replies are wanted: the caller's; without a call, or for the sort of Chinese, one's own. */
export function spokenIn(own: Language, caller: string | undefined): Language {
  if (caller === undefined) return own
  if (caller === 'en') return 'en'
  return own === 'en' ? 'zh-Hans' : own
}

/** A row of the picker. `why` holds the heard words that it fits; empty when only found. */
export interface Reply {
  id: string
  no: string
  title: string
  text: string
  group: string
  seconds: number | null
  suggested: boolean
  why: string[]
}

const found = (script: Script): Reply => ({
  id: script.id,
  no: script.no,
  title: script.title,
  text: script.text,
  group: script.group,
  seconds: script.voice?.seconds ?? null,
  suggested: false,
  why: [],
})

function suggested(suggestion: Suggestion, known: Reply | undefined): Reply {
  const { script_id: id, no, title, text, why } = suggestion
  return { id, no, title, text, why, group: known?.group ?? '', seconds: known?.seconds ?? null, suggested: true }
}

/** Without a search the suggestions lead; with one the server's ranking stands. */
export function ranked(query: string, scripts: Script[], suggestions: Suggestion[]): Reply[] {
  const rows = scripts.map(found)
  const byId = new Map(rows.map((row) => [row.id, row]))
  const first = suggestions.map((one) => suggested(one, byId.get(one.script_id)))
  const marks = new Map(first.map((row) => [row.id, row]))
  if (query) return rows.map((row) => marks.get(row.id) ?? row)
  return [...first, ...rows.filter((row) => !marks.has(row.id))]
}

/** What stays chosen when the list changes: the same reply, or the first. */
export function chosenOf(rows: Reply[], before: string | null): string | null {
  return rows.some((row) => row.id === before) ? before : (rows[0]?.id ?? null)
}

/** One step up or down, not round the ends. */
export function stepped(rows: Reply[], from: string | null, by: 1 | -1): string | null {
  const at = rows.findIndex((row) => row.id === from)
  const next = Math.min(Math.max(0, at + by), rows.length - 1)
  return rows[next]?.id ?? null
}

/** The variables of a text that is not filled yet, as pieces. */
export function textPieces(text: string): { text: string; variable: boolean }[] {
  return text
    .split(/(\{[^{}]+\})/)
    .filter((piece) => piece !== '')
    .map((piece) => ({ text: piece, variable: /^\{[^{}]+\}$/.test(piece) }))
}
