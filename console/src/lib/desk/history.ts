/** Orders and earlier contacts of the caller, in the order in which an agent needs them. */
import type { Card, OlderContact, OpenTicket, Order, PastContact } from '@/api/types'
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
  | { kind: 'older'; id: string; at: string; tone: Tone; older: OlderContact }

const callTone = (reason: string | null): Tone =>
  !reason || reason === 'completed' ? 'ok' : 'bad'

/** Calls, open tickets and what was before, newest first; not the call that is on now. */
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
  const older = (card.past ?? []).map<PastThing>((one) => ({
    kind: 'older',
    id: one.at,
    at: one.at,
    tone: '',
    older: one,
  }))
  return [...calls, ...tickets, ...older].sort((a, b) => Date.parse(b.at) - Date.parse(a.at))
}

/** Whether they spoke with us then. */
export const wasCall = (thing: PastThing): boolean =>
  thing.kind === 'call' || (thing.kind === 'older' && thing.older.channel === 'call')
