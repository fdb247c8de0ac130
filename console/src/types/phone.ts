/** Shapes of the softphone's part of the HTTP interface. */
import type { Person } from '@/api/types'

/** What a browser needs to register as its person's phone. */
export interface PhoneAccount {
  uri: string
  username: string
  password: string
  websocket: string
  register_expires: number
  ice_servers: RTCIceServer[]
  server_time: string
}

export type TargetKind = 'agent' | 'queue' | 'number'

/** Where a call goes; `value` is a login, a queue's key or a number. */
export interface Target {
  kind: TargetKind
  value: string
}

export interface AgentTarget extends Person {
  department: string | null
  state: string
  since: string
}

export interface QueueTarget {
  key: string
  name: string
  waiting: number
  longest_wait_s: number | null
  ready: number
}

export interface TransferTargets {
  agents: AgentTarget[]
  queues: QueueTarget[]
}

/** Whom to dial: a number, or somebody whose number this browser may not even know. */
export interface Dialling {
  number?: string
  contact_id?: string
  customer_id?: string
  phone?: string
  ticket_no?: string | number
}
