/** Tickets, agents and the platform's health. */
import { request } from './client'
import type { Agent, Health, TicketPage } from './types'

export const listTickets = (
  query: { state?: string; before?: number; limit?: number },
  signal?: AbortSignal,
): Promise<TicketPage> => request('GET', '/api/v1/tickets', { query, signal })

export const listAgents = (signal?: AbortSignal): Promise<Agent[]> =>
  request('GET', '/api/v1/agents', { signal })

export const setAgentState = (login: string, state: string, reason?: string): Promise<unknown> =>
  request('POST', `/api/v1/agents/${encodeURIComponent(login)}/state`, { body: { state, reason } })

/** The readiness facts; 503 carries the same document with `ok: false`. */
export const readHealth = (signal?: AbortSignal): Promise<Health> =>
  request('GET', '/readyz', { accept: [503], signal })
