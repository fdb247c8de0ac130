/** Orders and earlier contacts of the caller, in the order in which an agent needs them. */
import type { Card, OpenTicket, Order, PastContact } from '@/api/types'
import type { Tone } from '@/lib/tones'

const UNDERWAY: Record<string, Tone> = { paid: 'accent', shipped: 'accent', refunding: 'warn' }

export const isUnderway = (order: Order): boolean => order.status in UNDERWAY

/** Red is for the order that the briefing names as the problem. */
export function orderTone(order: Order, troubled: ReadonlySet<string>): Tone {
  if (troubled.has(order.no)) return 'bad'
  return UNDERWAY[order.status] ?? ''
}

export type PastThing =
  | { kind: 'call'; id: string; at: string; tone: Tone; call: PastContact }
  | { kind: 'ticket'; id: string; at: string; tone: Tone; ticket: OpenTicket }

const callTone = (reason: string | null): Tone =>
  !reason || reason === 'completed' ? 'ok' : 'bad'

/** Calls and open tickets in one line of time, newest first; not the call that is on now. */
export function pastOf(card: Card, now: string): PastThing[] {
  const calls = (card.last_contacts ?? [])
    .filter((call) => call.id !== now)
    .map<PastThing>((call) => ({
      kind: 'call',
      id: call.id,
      at: call.started_at,
      tone: callTone(call.end_reason),
      call,
    }))
  const tickets = (card.open_tickets ?? []).map<PastThing>((ticket) => ({
    kind: 'ticket',
    id: String(ticket.no),
    at: ticket.created_at,
    tone: 'warn',
    ticket,
  }))
  return [...calls, ...tickets].sort((a, b) => b.at.localeCompare(a.at))
}
