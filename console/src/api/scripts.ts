/** Ready replies: the library, its editing, and their use in a call. */
import { request } from './client'
import type { Language } from './types'

export type ScriptState = 'draft' | 'in_review' | 'published' | 'retired'
export type ScriptStep = 'submit' | 'approve' | 'reject' | 'retire'
export type ExportFormat = 'csv' | 'yaml'

export interface Voice {
  seconds: number
  source: 'upload' | 'tts'
}

export interface Script {
  id: string
  /** `S-041` */
  no: string
  version: number
  title: string
  text: string
  group: string
  keywords: string[]
  departments: string[]
  language: string
  state: ScriptState
  expired: boolean
  valid_from: string | null
  valid_until: string | null
  voice: Voice | null
  variables: string[]
  sent: number
  played: number
  last_used_at: string | null
  author: string | null
  approved_by: string | null
  updated_at: string
  /** The version in use, which may be older than the one being written. */
  published_version: number | null
}

export interface ScriptPage {
  items: Script[]
  total: number
}

/** Without `state` or `any`: what the asker may use now. With one: what was written last. */
export interface ScriptFilter {
  q?: string
  group?: string
  state?: string
  any?: string
  expired?: string
  /** The language that comes first. */
  prefer?: Language
  limit?: number
}

export interface ScriptGroup {
  name: string
  usable: number
}

/** What `{…}` may name in a text. */
export interface Variable {
  name: string
  also: string[]
}

export interface ScriptVersion extends ScriptFields {
  version: number
  author: string
  approved_by: string | null
  at: string
}

/** What a person edits. */
export type ScriptFields = Pick<
  Script,
  'title' | 'text' | 'group' | 'keywords' | 'departments' | 'language' | 'valid_from' | 'valid_until'
>

/** A reply filled from the card: as text, as it is spoken, and what the card does not know. */
export interface Filled {
  text: string
  spoken: string
  missing: string[]
}

/** A row of a file that was not taken; `row` counts as the file's reader shows it. */
export interface Refusal {
  row: number
  field: string
  why: string
}

export interface ImportReport {
  created: number
  updated: number
  unchanged: number
  refused: Refusal[]
}

const BASE = '/api/v1/scripts'
const one = (id: string): string => `${BASE}/${encodeURIComponent(id)}`
const inCall = (contact: string, id: string): string =>
  `/api/v1/contacts/${encodeURIComponent(contact)}/scripts/${encodeURIComponent(id)}`

function fileForm(file: File): FormData {
  const form = new FormData()
  form.set('file', file)
  return form
}

export const listScripts = (query: ScriptFilter, signal?: AbortSignal): Promise<ScriptPage> =>
  request('GET', BASE, { query, signal })

export const readScript = (id: string, signal?: AbortSignal): Promise<Script> =>
  request('GET', one(id), { signal })

/** A text that is being written, filled with example values. */
export const previewScript = (
  text: string,
  language: string,
  values: Values,
  signal?: AbortSignal,
): Promise<Filled> => request('POST', `${BASE}/preview`, { body: { text, language, values }, signal })

export const createScript = (fields: ScriptFields): Promise<Script> =>
  request('POST', BASE, { body: fields })

export const changeScript = (id: string, fields: ScriptFields, version: number): Promise<Script> =>
  request('PUT', one(id), { body: { ...fields, version } })

export const stepScript = (id: string, step: ScriptStep, version: number): Promise<Script> =>
  request('POST', `${one(id)}/${step}`, { body: { version } })

export const listVersions = (id: string, signal?: AbortSignal): Promise<{ items: ScriptVersion[] }> =>
  request('GET', `${one(id)}/versions`, { signal })

export const listGroups = (signal?: AbortSignal): Promise<{ items: ScriptGroup[] }> =>
  request('GET', '/api/v1/script-groups', { signal })

export const listVariables = (signal?: AbortSignal): Promise<{ items: Variable[] }> =>
  request('GET', '/api/v1/script-variables', { signal })

export const importScripts = (file: File, dryRun: boolean): Promise<ImportReport> =>
  request('POST', `${BASE}/import`, { query: { dry_run: String(dryRun) }, body: fileForm(file) })

export const exportAddress = (format: ExportFormat): string => `${BASE}/export?format=${format}`

export const voiceAddress = (script: Script): string =>
  `${one(script.id)}/voice?version=${script.version}`

export const putVoice = (id: string, file: File): Promise<unknown> =>
  request('PUT', `${one(id)}/voice`, { body: fileForm(file) })

/** Let the model speak the text; impossible with variables in it. */
export const renderVoice = (id: string): Promise<unknown> => request('POST', `${one(id)}/voice`)

export const deleteVoice = (id: string): Promise<unknown> => request('DELETE', `${one(id)}/voice`)

/** `values`: what the agent adds because it is on no card. */
export type Values = Record<string, string>

export const fillScript = (
  contact: string,
  id: string,
  values: Values,
  signal?: AbortSignal,
): Promise<Filled> => request('GET', inCall(contact, id), { query: values, signal })

/** `key` makes it safe to ask twice: the same key sends once. */
export const sendScript = (
  contact: string,
  id: string,
  key: string,
  values: Values,
): Promise<{ message_id: string; state: string }> =>
  request('POST', `${inCall(contact, id)}/send`, { body: { key, values } })

export const playScript = (contact: string, id: string, values: Values): Promise<{ seconds: number }> =>
  request('POST', `${inCall(contact, id)}/play`, { body: { values } })

export const stopScript = (contact: string): Promise<unknown> =>
  request('POST', `/api/v1/contacts/${encodeURIComponent(contact)}/scripts/stop`)
