/** Shapes of the agent's desk, as `GET /desk` and the live topic `desk:<login>` give them. */
import type { Agent, CallState, Card, Person, Turn } from '@/api/types'

/** One's own state; `until` ends a ring or a wrap-up, `phone` tells where the phone rings. */
export interface AgentView extends Agent {
  until?: string | null
  phone?: 'browser' | 'sip' | null
  queues?: string[]
}

export type AgentState = 'offline' | 'ready' | 'ringing' | 'talking' | 'hold' | 'wrap' | 'break'

/** Words are the platform's own (`code` with `params`, worded here) or data (`text`). */
export interface Wording {
  text?: string
  code?: string
  params?: Record<string, string | number>
}

export interface BriefWhy extends Wording {
  source: string
}

export interface BriefFirst extends Wording {
  kind: 'overdue_ticket' | 'open_ticket' | 'repeat_call' | 'abandoned_before' | 'order_problem'
  ref: string | number | null
}

/** What is known before the first word; every entry comes from data. */
export interface Brief {
  why: BriefWhy[]
  first: BriefFirst[]
  waited_s: number | null
  path: { digits: string; label: string }[]
  opening: string | Wording
}

export interface DraftEvidence {
  text: string
  start: number
  turn: string
  rule: string
}

export interface Draft {
  subject: string
  type: string | null
  priority: string | null
  department: string | null
  evidence: DraftEvidence[]
  /** Fields that a person changed: the classifier leaves them alone. */
  edited: string[]
  ticket_no: string | number | null
}

export interface Suggestion {
  script_id: string
  no: string
  title: string
  text: string
  why: string[]
}

export interface Playing {
  script_id: string
  no: string
  title: string
  seconds: number
  started_at: string
}

export interface Wrap {
  until: string | null
  extended: number
  max_extends: number
  disposition: string | null
  summary: string
  /** Submitted already; the countdown may still run. */
  finished: boolean
}

export interface CallOrigin {
  kind: 'queue' | 'transfer' | 'consult' | 'outbound' | 'callback'
  from: Person | null
  note: string
}

export interface Consult {
  id: string
  to: { kind: 'agent' | 'number'; value: string; name: string }
  state: 'ringing' | 'talking' | 'conference'
  since: string
  /** Whether the customer is the one being talked to while the consulted person waits. */
  with_customer: boolean
}

/** The one call at this desk, from its ring to the end of its wrap-up. */
export interface DeskCall {
  contact_id: string
  direction: 'in' | 'out'
  state: CallState
  /** What the caller speaks: zh, en. */
  language: string
  role: 'owner' | 'consulted'
  offered_at: string | null
  ring_s: number
  answered_at: string | null
  on_hold: boolean
  held_since: string | null
  by: CallOrigin
  consult: Consult | null
  card: Card
  brief: Brief
  turns: Turn[]
  note: string
  /** What colleagues wrote who had the call before. */
  notes: { by: Person; text: string; at: string }[]
  draft: Draft | null
  suggestions: Suggestion[]
  playing: Playing | null
  wrap: Wrap | null
}

/** One's own figures since midnight. */
export interface Today {
  answered: number
  missed: number
  talk_s: number
  hold_s: number
  wrap_s: number
  handle_s: number
  online_s: number
  tickets_made: number
  tickets_solved: number
  as_of: string
}

export interface DeskView {
  agent: AgentView
  call: DeskCall | null
  today: Today
}

/** One change on the topic `desk:<login>`. */
export type DeskEvent =
  | { agent: AgentView }
  | { call: DeskCall | null }
  | { ring: DeskCall }
  | { offer_closed: string; contact_id: string }
  | { turn: Turn; contact_id: string }
  | { draft: Draft | null; contact_id: string }
  | { suggestions: Suggestion[]; contact_id: string }
  | { playing: Playing | null; contact_id: string }
  | { today: Today }
