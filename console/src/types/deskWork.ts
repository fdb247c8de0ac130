/** Shapes of what the desk sends, and of the lists that stand beside the call. */
import type { Customer, Language } from '@/api/types'

export interface DraftEdit {
  subject?: string
  type?: string
  priority?: string
  department?: string
}

export interface WrapEdit {
  disposition?: string
  summary?: string
}

export interface FinishedTicket {
  subject: string
  type: string | null
  priority: string
  department: string | null
}

export interface Finish {
  disposition: string
  summary: string
  /** Null: no ticket is made of this call. */
  ticket: FinishedTicket | null
  ready: boolean
  /** The same key again is the same submission. */
  key: string
}

/** How a call ended for the business; the house's own ones carry their words. */
export interface Disposition {
  key: string
  label?: Partial<Record<Language, string>>
}

export interface TodoTicket {
  kind: 'ticket'
  no: string | number
  subject: string
  type: string | null
  priority: string | null
  customer: Customer | null
  created_at: string
  due_at: string
}

export interface TodoMissed {
  kind: 'missed'
  contact_id: string
  at: string
  number_masked: string | null
  customer: Customer | null
}

export type TodoItem = TodoTicket | TodoMissed

export interface NewCustomer {
  name: string
  contact_id: string
  tier?: string
  key: string
}
