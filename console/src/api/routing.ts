/** Routing: the policy in force, drafts tried in the simulator, publishing and rolling back. */
import { request } from './client'

export interface Gate {
  primary_level: number
  share: number
  after_s: number
}

/** What the page edits, and whatever else the server keeps in a policy. */
export interface Policy {
  tier_value: Record<string, number>
  type_value: Record<string, number>
  guarantee_s: number
  own_first_s: number
  sticky_s: number
  gate: Gate
  [other: string]: unknown
}

export interface PolicyVersion {
  version: number
  body: Policy
}

/** A published version; what comes with the software, version 0, is not among them. */
export interface PolicyHead {
  version: number
  author: string
  at: string
}

export type SourceKind = 'week' | 'day' | 'weekday' | 'generated'
export type Question = 'comparison' | 'advice' | 'staffing'
export type SimulationState = 'requested' | 'running' | 'done' | 'failed' | 'cancelled'
export type Verdict = 'better' | 'worse' | 'none'

export interface Source {
  kind: SourceKind
  date?: string | null
  load?: number
  hours?: number
  talk_s?: number
  patience_s?: number
}

export interface Wish {
  source: Source
  draft: Policy | null
  seeds: number
  questions: Question[]
  target: { share: number; within_s: number; present_share: number }
}

export interface Interval {
  mean: number
  low: number | null
  high: number | null
  days: number
}

export interface CompareRow {
  measure: string
  group: 'all' | 'tier' | 'queue'
  key: string
  running: Interval
  draft: Interval | null
  difference: Interval | null
  verdict: Verdict | null
}

export interface Effect {
  lesson: { agent: string; queue: string; skills: Record<string, number> }
  mean_wait_s: Interval
  match: Interval | null
  helps: boolean
}

export interface HalfHour {
  /** Seconds since midnight. */
  start: number
  calls: number
  handling_s: number
  on_duty: number
  pooled: { agents: number; scheduled: number; service: { level: number } }
  separate: number
  level_now: number | null
}

export interface Fit {
  recorded: number | null
  simulated: number | null
}

export interface SimulationResult {
  source: {
    calls: number
    agents: number
    left_out?: number
    stretches?: { start: string; seconds: number }[]
    holes?: Record<string, number>
    patience?: { abandoned: number; censored: number }
  }
  fit?: Record<string, Fit>
  comparison?: { seeds: number; rows: CompareRow[] }
  advice?: { effects: Effect[]; possible: number; tried: number; days: number; helps: boolean }
  staffing?: { target: Wish['target']; half_hours: HalfHour[] }
}

export interface SimulationHead {
  id: string
  state: SimulationState
  author: string
  requested_at: string
  finished_at: string | null
  wish: Wish
  running_version: number
  stage: string
  progress: number
  error: { code: string; params: Record<string, unknown> } | null
}

export interface Simulation extends SimulationHead {
  running: Policy
  result: SimulationResult | null
  people: Record<string, { login: string; name: string }>
}

export interface QueueName {
  key: string
  name: string
}

const SIMULATIONS = '/api/v1/routing/simulations'
const POLICY = '/api/v1/routing/policy'

/** The one in force, or an earlier version. */
export const readPolicy = (version?: number, signal?: AbortSignal): Promise<PolicyVersion> =>
  request('GET', POLICY, { query: { version }, ...(signal ? { signal } : {}) })

export const listPolicies = (signal?: AbortSignal): Promise<PolicyHead[]> =>
  request('GET', `${POLICY}/versions`, { signal })

/** `seen`: the version that was in force when the person decided. */
export const publishPolicy = (body: Policy, reason: string, seen: number): Promise<{ version: number }> =>
  request('PUT', POLICY, { query: { reason, seen }, body })

export const rollBackPolicy = (version: number, reason: string, seen: number): Promise<{ version: number }> =>
  request('POST', `${POLICY}/rollback`, { query: { reason, seen }, body: { version } })

export const startSimulation = (wish: Wish): Promise<SimulationHead> =>
  request('POST', SIMULATIONS, { body: wish })

export const listSimulations = (signal?: AbortSignal): Promise<{ items: SimulationHead[] }> =>
  request('GET', SIMULATIONS, { signal })

export const readSimulation = (id: string, signal?: AbortSignal): Promise<Simulation> =>
  request('GET', `${SIMULATIONS}/${encodeURIComponent(id)}`, { signal })

export const cancelSimulation = (id: string): Promise<SimulationHead> =>
  request('POST', `${SIMULATIONS}/${encodeURIComponent(id)}/cancel`)

export const queueNames = (signal?: AbortSignal): Promise<QueueName[]> =>
  request('GET', '/api/v1/queues', { signal })
