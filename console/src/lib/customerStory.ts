/** Everything that happened with a customer, in one line of time. */
import type { CustomerDetail } from '@/api/customers'

export const KINDS = ['call', 'ticket', 'order', 'older'] as const
export type Kind = (typeof KINDS)[number]

export interface Happening {
  key: string
  kind: Kind
  at: string
  /** Where in the detail the thing itself is. */
  index: number
}

/** Newest first; things of the same moment keep the order calls, tickets, orders, what an older system noted. */
export function storyOf(customer: CustomerDetail): Happening[] {
  const of = <T>(kind: Kind, list: T[], at: (one: T) => string): Happening[] =>
    list.map((one, index) => ({ key: `${kind} ${index}`, kind, at: at(one), index }))
  const all = [
    ...of('call', customer.contacts, (one) => one.started_at),
    ...of('ticket', customer.tickets, (one) => one.created_at),
    ...of('order', customer.orders, (one) => one.placed_at),
    ...of('older', customer.past ?? [], (one) => one.at),
  ]
  return all.sort((a, b) => Date.parse(b.at) - Date.parse(a.at))
}
