/** Tickets: lists, one ticket with its story, and what people do with it. */
import { request } from './client'
import type { Customer, Person, Ticket } from './types'

export type TicketState = 'open' | 'pending' | 'solved' | 'closed'

export interface WorkTicket extends Ticket {
  customer: Customer | null
  assignee: Person | null
  updated_at: string
  solved_at: string | null
  due_at: string
  version: number
  number_masked: string | null
}

export interface Comment {
  id: string
  by: Person | null
  at: string
  text: string
}

export interface Change {
  at: string
  by: Person | null
  what: string
  from: string | null
  to: string | null
}

export interface TicketDetail extends WorkTicket {
  comments: Comment[]
  history: Change[]
}

export interface TicketQuery {
  q?: string
  state?: string
  type?: string
  priority?: string
  department?: string
  /** A login, `none` or `me`. */
  assignee?: string
  customer?: string
  /** Unsolved and past the due time. */
  overdue?: boolean
  sort?: string
  before?: number
  limit?: number
}

export interface WorkPage {
  items: WorkTicket[]
  next: number | null
}

export interface TicketFields {
  types: string[]
  departments: string[]
  priorities: string[]
  assignees: (Person & { department: string | null })[]
}

/** Unsolved tickets. */
export interface TicketCounts {
  mine: number
  unassigned: number
  overdue: number
  open: number
  departments: Record<string, number>
}

/** Only what changes is sent; null empties a field. */
export interface TicketPatch {
  subject?: string
  type?: string | null
  priority?: string
  department?: string | null
  assignee?: string | null
  state?: string
}

const BASE = '/api/v1/tickets'
const one = (no: string | number): string => `${BASE}/${encodeURIComponent(no)}`

export const listWork = (query: TicketQuery, signal?: AbortSignal): Promise<WorkPage> =>
  request('GET', BASE, { query, signal })

export const readTicket = (no: string | number, signal?: AbortSignal): Promise<TicketDetail> =>
  request('GET', one(no), { signal })

export const readFields = (signal?: AbortSignal): Promise<TicketFields> =>
  request('GET', '/api/v1/ticket-fields', { signal })

export const readCounts = (signal?: AbortSignal): Promise<TicketCounts> =>
  request('GET', '/api/v1/ticket-counts', { signal })

/** Refused with 409 when somebody changed the ticket since `version`. */
export const changeTicket = (
  no: string | number,
  version: number,
  patch: TicketPatch,
): Promise<WorkTicket> => request('PATCH', one(no), { body: { version, ...patch } })

export const addComment = (no: string | number, text: string): Promise<unknown> =>
  request('POST', `${one(no)}/comments`, { body: { text } })

export const solveTicket = (no: string | number, text?: string): Promise<WorkTicket> =>
  request('POST', `${one(no)}/solve`, { body: { text } })

export const reopenTicket = (no: string | number, text?: string): Promise<WorkTicket> =>
  request('POST', `${one(no)}/reopen`, { body: { text } })
