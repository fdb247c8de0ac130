/** What one change of the desk's topic does to what is shown; pure. */
import type { AgentView, DeskCall, DeskEvent, Today } from '@/types/desk'

export interface DeskShown {
  agent: AgentView | null
  call: DeskCall | null
  today: Today | null
  missed: { contact_id: string; result: string } | null
}

/** A part of the call is taken only by the call it belongs to: overlapping rings never mix. */
function withPart(shown: DeskShown, contact: string, part: Partial<DeskCall>): DeskShown {
  if (shown.call?.contact_id !== contact) return shown
  return { ...shown, call: { ...shown.call, ...part } }
}

function withTurn(shown: DeskShown, event: Extract<DeskEvent, { turn: unknown }>): DeskShown {
  const known = shown.call?.turns ?? []
  const others = known.filter((turn) => turn.id !== event.turn.id)
  const turns = [...others, event.turn].sort((a, b) => a.start - b.start)
  return withPart(shown, event.contact_id, { turns })
}

/** The ring is over. An accepted one goes on as a call; of any other one the reason is kept. */
function closed(shown: DeskShown, event: Extract<DeskEvent, { offer_closed: string }>): DeskShown {
  if (event.offer_closed === 'accepted') return shown
  const missed = { contact_id: event.contact_id, result: event.offer_closed }
  const mine = shown.call?.contact_id === event.contact_id && !shown.call.answered_at
  return { ...shown, missed, call: mine ? null : shown.call }
}

function withCall(shown: DeskShown, call: DeskCall | null): DeskShown {
  return { ...shown, call, missed: call ? null : shown.missed }
}

export function applyEvent(shown: DeskShown, event: DeskEvent): DeskShown {
  if ('agent' in event) return { ...shown, agent: event.agent }
  if ('call' in event) return withCall(shown, event.call)
  if ('ring' in event) return withCall(shown, event.ring)
  if ('offer_closed' in event) return closed(shown, event)
  if ('turn' in event) return withTurn(shown, event)
  if ('today' in event) return { ...shown, today: event.today }
  const { contact_id: contact, ...part } = event
  return withPart(shown, contact, part)
}
