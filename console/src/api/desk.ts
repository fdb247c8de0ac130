/** The desk's requests: note, draft, wrap-up, today's work, and who the caller is. */
import { request } from './client'
import type { Card, Customer } from './types'
import type {
  Disposition,
  DraftEdit,
  Finish,
  NewCustomer,
  TodoItem,
  WrapEdit,
} from '@/types/deskWork'

const contact = (id: string, rest: string): string =>
  `/api/v1/contacts/${encodeURIComponent(id)}/${rest}`

export const saveNote = (id: string, text: string): Promise<unknown> =>
  request('PUT', contact(id, 'note'), { body: { text } })

export const saveDraft = (id: string, edit: DraftEdit): Promise<unknown> =>
  request('PUT', contact(id, 'draft'), { body: edit })

/** Keeps the result and the summary as far as they are: the countdown submits them. */
export const saveWrap = (id: string, part: WrapEdit): Promise<unknown> =>
  request('PUT', contact(id, 'wrap-up'), { body: part })

/** Ends the wrap-up; the same `key` again is the same submission. */
export const finish = (id: string, body: Finish): Promise<{ ticket_no: string | number | null }> =>
  request('POST', contact(id, 'finish'), { body })

/** `seen` = how often the screen says that it was extended: a double press extends once. */
export const extendWrap = (id: string, seen: number): Promise<{ until: string }> =>
  request('POST', contact(id, 'wrap-up/extend'), { query: { seen } })

export const listDispositions = (signal?: AbortSignal): Promise<Disposition[]> =>
  request('GET', '/api/v1/desk/dispositions', { signal })

export const listTodo = (signal?: AbortSignal): Promise<{ items: TodoItem[] }> =>
  request('GET', '/api/v1/desk/todo', { signal })

export const readCard = (id: string, signal?: AbortSignal): Promise<Card> =>
  request('GET', contact(id, 'card'), { signal })

export const createCustomer = (body: NewCustomer): Promise<Customer> =>
  request('POST', '/api/v1/customers', { body })

/** This call is from that customer. */
export const attachCustomer = (id: string, customer: string): Promise<unknown> =>
  request('POST', contact(id, 'customer'), { body: { customer_id: customer } })
