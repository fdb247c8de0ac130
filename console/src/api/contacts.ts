/** Calls: the list, one call, its recording, and the audited reveal of masked values. */
import { request } from './client'
import type { ContactDetail, ContactFilter, ContactPage } from './types'

export const listContacts = (filter: ContactFilter, signal?: AbortSignal): Promise<ContactPage> =>
  request('GET', '/api/v1/contacts', { query: filter, signal })

export const readContact = (id: string, signal?: AbortSignal): Promise<ContactDetail> =>
  request('GET', `/api/v1/contacts/${encodeURIComponent(id)}`, { signal })

export const recordingAddress = (id: string): string =>
  `/api/v1/contacts/${encodeURIComponent(id)}/recording`

export type RevealTarget = { what: 'number' } | { what: 'turn'; turn: string }

export const reveal = (
  id: string,
  target: RevealTarget,
  reason: string,
): Promise<{ value: string }> =>
  request('POST', `/api/v1/contacts/${encodeURIComponent(id)}/reveal`, {
    body: { ...target, reason },
  })
