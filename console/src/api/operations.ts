/** Agents and the platform's health. */
import { request } from './client'
import type { Agent, Health } from './types'

export const listAgents = (signal?: AbortSignal): Promise<Agent[]> =>
  request('GET', '/api/v1/agents', { signal })

export const setAgentState = (login: string, state: string, reason?: string): Promise<unknown> =>
  request('POST', `/api/v1/agents/${encodeURIComponent(login)}/state`, { body: { state, reason } })

/** The readiness facts; 503 carries the same document with `ok: false`. */
export const readHealth = (signal?: AbortSignal): Promise<Health> =>
  request('GET', '/readyz', { accept: [503], signal })
