/** Shapes of the platform's HTTP and live interfaces. Times are ISO 8601 in UTC, durations seconds. */

export type CallState =
  | 'ivr'
  | 'waiting'
  | 'choosing'
  | 'voicemail'
  | 'ringing'
  | 'talking'
  | 'held'
  | 'outside'
  | 'secure'
  | 'dialling'
  | 'leaving'
  | 'ended'
export type Speaker = 'customer' | 'agent' | 'system'
export type Language = 'zh-Hans' | 'zh-Hant' | 'en'

export interface User {
  login: string
  name: string
  role: string
  permissions: string[]
  language: Language | null
}

export interface Session {
  user: User
}

export interface Person {
  login: string
  name: string
}

export interface Customer {
  id: string
  name: string
  tier: string | null
}

export interface QueueRef {
  key: string
  name: string
}

export interface TicketRef {
  no: string | number
  type: string | null
  priority: string | null
}

/** One caller's journey, as a row of the list. */
export interface Contact {
  id: string
  started_at: string
  ended_at: string | null
  state: CallState
  end_reason: string | null
  direction: 'in' | 'out'
  from_number_masked: string | null
  number_kind: string | null
  to_number: string | null
  customer: Customer | null
  queue: QueueRef | null
  agent: Person | null
  wait_s: number | null
  talk_s: number | null
  ticket: TicketRef | null
  finished: boolean
}

export interface ContactPage {
  items: Contact[]
  next: string | null
  as_of: string
}

export interface CallEvent {
  id: string
  name: string
  at: string
  subjects: Record<string, string>
  body: Record<string, unknown>
}

export interface Segment {
  /** Login; seconds count from the start of the recording. */
  agent: string | null
  start_s: number
  end_s: number | null
}

/** Loudness of each lane from 0 to 100, `per_second` values a second. */
export interface Peaks {
  customer: number[]
  agent: number[]
  per_second: number
}

export interface Recording {
  state: 'recording' | 'saved' | 'failed' | 'none'
  seconds: number | null
  channels: number
  url: string | null
  peaks: Peaks | null
  reason: string | null
  started_at: string | null
  /** Whether the copy with silenced personal data exists; only that one is played. */
  masked: boolean
}

export interface Word {
  text: string
  start: number
  end: number
}

/** A personal datum in a turn: character offsets into `text`, whose stars hide it. */
export interface MaskedSpan {
  start: number
  end: number
  kind: string
}

export interface Turn {
  id: string
  speaker: Speaker
  start: number
  end: number
  text: string
  words: Word[]
  masked: boolean
  spans: MaskedSpan[]
}

export interface Transcript {
  state: 'live' | 'final' | 'failed' | 'none'
  reason: string | null
  turns: Turn[]
}

/** The sentence that a ticket's type or priority rests on; `rule` is `type:keyword`. */
export interface Evidence {
  text: string
  start: number
  turn: string
  rule: string
}

export interface ContactTicket extends TicketRef {
  department: string | null
  state: string
  reasons: string[]
  evidence: Evidence[]
  /** False: made without a transcript, a person has to listen. */
  transcribed: boolean
}

export interface Order {
  no: string
  item: string
  amount: number | string
  status: string
  placed_at: string
}

export interface PastContact {
  id: string
  started_at: string
  queue: string | null
  end_reason: string | null
  direction?: 'in' | 'out'
  agent?: Person | null
}

export interface OpenTicket extends TicketRef {
  department: string | null
  subject?: string
  created_at: string
}

/** Another customer whose number it may be, with the reasons for that place. */
export interface Match extends Customer {
  reasons: string[]
}

/** What an older system noted of an earlier contact. */
export interface OlderContact {
  at: string
  channel: 'call' | 'message'
  summary: string
  agent: Person
}

/** What is known about the caller; without a customer only the head is filled. */
export interface Card {
  number: string
  number_kind?: string | null
  customer: (Customer & { city: string }) | null
  matches: Match[]
  orders?: Order[]
  last_contacts?: PastContact[]
  past?: OlderContact[]
  open_tickets?: OpenTicket[]
  as_of: string
}

export interface ContactDetail extends Contact {
  events: CallEvent[]
  segments: Segment[]
  recording: Recording | null
  transcript: Transcript | null
  ticket: ContactTicket | null
  card: Card
}

export interface ContactFilter {
  q?: string
  state?: CallState
  from_number?: string
  agent?: string
  queue?: string
  direction?: string
  since?: string
  until?: string
  before?: string
  limit?: number
}

export interface Ticket {
  no: string | number
  type: string | null
  priority: string | null
  department: string | null
  state: string
  transcribed: boolean
  reasons: string[]
  evidence: Evidence[]
  created_at: string
  contact_id: string | null
  subject: string
}

export interface Agent {
  login: string
  name: string
  department: string | null
  state: string
  reason?: string | null
  since: string
  reachable: boolean
  contact_id: string | null
  /** Skill name to level 1…5. */
  skills: Record<string, number>
}

export interface Queue {
  key: string
  name: string
  waiting: number
  longest_wait_s: number | null
  agents_ready: number
}

export interface HealthPart {
  ok: boolean
  detail: string | null
  /** Of the telephone exchange: lines in use. */
  legs?: number
}

export interface Health {
  ok: boolean
  parts: Record<string, HealthPart>
}

/** RFC 9457 problem document; the console translates `code`. */
export interface Problem {
  type?: string
  title?: string
  status?: number
  code?: string
  params?: Record<string, unknown>
}
