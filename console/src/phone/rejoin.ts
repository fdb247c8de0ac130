/** When this browser asks to join its talk again, and when it drops a leg nobody talks on; pure. */
import type { AgentView, DeskCall } from '@/types/desk'
import { isLive, type Leg } from './leg'

/** After a leg that ended here, the news that the call is over may still be on its way. */
const SETTLED_MS = 2_000
/** How long a rejoining leg may take to arrive. */
const ASKED_MS = 6_000

export interface Situation {
  now: number
  leg: Leg
  /** Since when the leg is in its state. */
  legSince: number
  /** When joining was last asked for. */
  askedAt: number
  call: DeskCall | null
  agent: AgentView | null
}

const TALKS = new Set<DeskCall['state']>(['talking', 'held'])

/** A held customer is still ours, and so is one who waits while we consult. */
export const isTalk = (call: DeskCall | null): call is DeskCall =>
  !!call && !call.wrap && call.answered_at !== null && TALKS.has(call.state)

/** A talk of ours is going on, and no leg here carries it. */
export function shouldRejoin(at: Situation): boolean {
  if (!isTalk(at.call) || at.agent?.phone === 'sip' || isLive(at.leg.state)) return false
  if (at.now - at.askedAt < ASKED_MS) return false
  return at.leg.state === 'none' || at.now - at.legSince >= SETTLED_MS
}

/** The platform says that the call is over, or is another one, and its goodbye never came. */
export function isForgotten(at: Situation): boolean {
  if (at.leg.state !== 'talking' || at.now - at.legSince < SETTLED_MS) return false
  return !at.call || at.call.wrap !== null || at.call.contact_id !== at.leg.contact
}
