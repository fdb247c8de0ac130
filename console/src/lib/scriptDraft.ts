/** A reply as its form holds it, and as the server wants it. */
import type { Script, ScriptFields } from '@/api/scripts'

export interface ScriptDraft {
  title: string
  text: string
  group: string
  keywords: string
  departments: string[]
  language: string
  /** Calendar days, both included; empty = open. */
  from: string
  until: string
}

const DAY_MS = 86_400_000
const SEPARATORS = /[\s,\u3001\uff0c;\uff1b]+/

const two = (value: number): string => String(value).padStart(2, '0')

function dayOf(iso: string | null, before = 0): string {
  if (!iso) return ''
  const at = new Date(Date.parse(iso) - before)
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
}

/** The last day lasts until its midnight. */
const startOf = (day: string): string | null => (day ? new Date(`${day}T00:00:00`).toISOString() : null)

function endOf(day: string): string | null {
  if (!day) return null
  const end = new Date(new Date(`${day}T00:00:00`).getTime() + 1.5 * DAY_MS)
  end.setHours(0, 0, 0, 0)
  return end.toISOString()
}

export const emptyDraft = (group: string, language: string): ScriptDraft => ({
  title: '', text: '', group, keywords: '', departments: [], language, from: '', until: '',
})

export const draftOf = (script: ScriptFields): ScriptDraft => ({
  title: script.title,
  text: script.text,
  group: script.group,
  keywords: script.keywords.join(' '),
  departments: script.departments,
  language: script.language,
  from: dayOf(script.valid_from),
  until: dayOf(script.valid_until, 1),
})

export const fieldsOf = (draft: ScriptDraft): ScriptFields => ({
  title: draft.title.trim(),
  text: draft.text.trim(),
  group: draft.group.trim(),
  keywords: [...new Set(draft.keywords.split(SEPARATORS).filter(Boolean))],
  departments: draft.departments,
  language: draft.language,
  valid_from: startOf(draft.from),
  valid_until: endOf(draft.until),
})

export const isChanged = (draft: ScriptDraft, script: ScriptFields): boolean =>
  JSON.stringify(draft) !== JSON.stringify(draftOf(script))

/** Texting and playing together tell how much a reply is used. */
export const usesOf = (script: Script): number => script.sent + script.played
