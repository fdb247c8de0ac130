/** Customers: search, the whole story of one, changes, and the audited reveal of a number. */
import { request } from './client'
import type { Contact, Customer, OlderContact, Order } from './types'
import type { WorkTicket } from './tickets'

export interface CustomerRow extends Customer {
  city: string
  note: string
}

export interface FoundCustomer extends CustomerRow {
  number_masked: string | null
}

export interface Phone {
  /** What the reveal and the dialling ask for; says nothing about the number. */
  id: number
  /** Masked. */
  number: string
  kind: string | null
}

export interface CustomerDetail extends CustomerRow {
  phones: Phone[]
  orders: Order[]
  contacts: Contact[]
  tickets: WorkTicket[]
  past?: OlderContact[]
}

export interface CustomerFields {
  name: string
  tier: string
  city: string
  note: string
}

const BASE = '/api/v1/customers'
const one = (id: string): string => `${BASE}/${encodeURIComponent(id)}`

export const findCustomers = (
  query: { q: string; limit?: number },
  signal?: AbortSignal,
): Promise<{ items: FoundCustomer[] }> => request('GET', BASE, { query, signal })

export const readCustomer = (id: string, signal?: AbortSignal): Promise<CustomerDetail> =>
  request('GET', one(id), { signal })

export const changeCustomer = (id: string, fields: CustomerFields): Promise<CustomerRow> =>
  request('PATCH', one(id), { body: fields })

export const revealPhone = (id: string, phone: number, reason: string): Promise<{ value: string }> =>
  request('POST', `${one(id)}/reveal`, { body: { phone, reason } })
