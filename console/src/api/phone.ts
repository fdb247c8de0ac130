/** The softphone's requests: registering, dialling out, and everything done to the running call. */
import type { DeskView } from '@/types/desk'
import type { Dialling, PhoneAccount, Target, TransferTargets } from '@/types/phone'
import { request } from './client'

const contact = (id: string, verb: string): string =>
  `/api/v1/contacts/${encodeURIComponent(id)}/${verb}`

export const readDesk = (signal?: AbortSignal): Promise<DeskView> =>
  request('GET', '/api/v1/desk', { signal })

/** Credentials of one's own browser phone, and the server's clock. */
export const phoneAccount = (): Promise<PhoneAccount> => request('POST', '/api/v1/desk/phone')

export const transferTargets = (q: string, signal?: AbortSignal): Promise<TransferTargets> =>
  request('GET', '/api/v1/transfer-targets', { query: { q }, signal })

export const dial = (whom: Dialling): Promise<{ contact_id: string }> =>
  request('POST', '/api/v1/calls', { body: whom })

/** A reloaded browser joins its talk again. */
export const attach = (id: string): Promise<void> => request('POST', contact(id, 'attach'))

export type CallVerb =
  | 'hold'
  | 'resume'
  | 'hang-up'
  | 'leave'
  | 'consult/complete'
  | 'consult/cancel'
  | 'consult/swap'
  | 'consult/conference'

export const act = (id: string, verb: CallVerb): Promise<void> => request('POST', contact(id, verb))

export const transfer = (id: string, to: Target, note: string): Promise<void> =>
  request('POST', contact(id, 'transfer'), { body: { to, note } })

export const consult = (id: string, to: Target, note: string): Promise<{ consult_id: string }> =>
  request('POST', contact(id, 'consult'), { body: { to, note } })
