/** Missed calls and callers who gave up waiting. */
import { request } from './client'
import type { Customer, Person, QueueRef } from './types'

export interface Missed {
  /** The first call of these; `last_contact_id` is the newest, of which the rest tells. */
  contact_id: string
  last_contact_id: string
  at: string
  /** How often this caller rang in vain. */
  times: number
  number_masked: string | null
  number_kind: string | null
  customer: Customer | null
  queue: QueueRef | null
  waited_s: number | null
  reason: string
  tries: number
  last_try_at: string | null
  done_by: Person | null
  done_at: string | null
  /** Somebody said so, or the two talked. */
  done_how: string | null
  done_text: string | null
  /** The ticket made of a message that was left, if there is one. */
  ticket_no: number | null
  /** There is a message to listen to on the call's page. */
  message: boolean
  /** They are called back without anybody's doing: by an agent who is free, or at their place. */
  callback: { state: 'waiting' | 'dialling'; blended: boolean } | null
}

export interface MissedPage {
  items: Missed[]
  /** How many nobody has dealt with, whatever the filter. */
  open: number
  next?: string | null
}

export interface MissedQuery {
  done?: string
  queue?: string
  before?: string
  limit?: number
}

const BASE = '/api/v1/missed'

export const listMissed = (query: MissedQuery, signal?: AbortSignal): Promise<MissedPage> =>
  request('GET', BASE, { query, signal })

export const closeMissed = (contact: string, text: string): Promise<unknown> =>
  request('POST', `${BASE}/${encodeURIComponent(contact)}/done`, { body: { text } })
