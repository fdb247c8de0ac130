/** Tickets, agents, queues and the platform's health. */
import { request } from './client'
import type { Agent, Health, Queue, TicketPage } from './types'

type Listed<T> = T[] | { items: T[] }

const rows = <T>(answer: Listed<T>): T[] => (Array.isArray(answer) ? answer : answer.items)

export const listTickets = (
  query: { state?: string; before?: number; limit?: number },
  signal?: AbortSignal,
): Promise<TicketPage> => request('GET', '/api/v1/tickets', { query, signal })

export const listAgents = async (signal?: AbortSignal): Promise<Agent[]> =>
  rows(await request<Listed<Agent>>('GET', '/api/v1/agents', { signal }))

export const setAgentState = (login: string, state: string, reason?: string): Promise<unknown> =>
  request('POST', `/api/v1/agents/${encodeURIComponent(login)}/state`, { body: { state, reason } })

export const listQueues = async (signal?: AbortSignal): Promise<Queue[]> =>
  rows(await request<Listed<Queue>>('GET', '/api/v1/queues', { signal }))

/** The readiness facts; 503 carries the same document with `ok: false`. */
export const readHealth = (signal?: AbortSignal): Promise<Health> =>
  request('GET', '/readyz', { accept: [503], signal })
