/** The list's filter: in the address bar as text, at the server as parameters, here as a test. */
import type { LocationQuery } from 'vue-router'
import type { CallState, Contact, ContactFilter } from '@/api/types'
import { midnight } from './format'

export const STATES: CallState[] = ['ivr', 'waiting', 'ringing', 'talking', 'ended']
export const PERIODS = ['any', 'today', 'yesterday', 'week', 'month', 'day'] as const
export const DIRECTIONS = ['in', 'out'] as const
export type Direction = (typeof DIRECTIONS)[number]
export type Period = (typeof PERIODS)[number]

/** What a person chose; empty strings mean "no limit". */
export interface CallChoice {
  q: string
  state: CallState | ''
  agent: string
  queue: string
  direction: Direction | ''
  period: Period
  day: string
}

const DAY = /^\d{4}-\d{2}-\d{2}$/
const DAY_MS = 86_400_000

const textOf = (query: LocationQuery, name: string): string => {
  const value = query[name]
  return typeof value === 'string' ? value : ''
}

export function choiceOf(query: LocationQuery): CallChoice {
  const state = textOf(query, 'state') as CallState
  const period = textOf(query, 'period') as Period
  const direction = textOf(query, 'direction') as Direction
  const day = textOf(query, 'day')
  return {
    q: textOf(query, 'q').trim(),
    state: STATES.includes(state) ? state : '',
    agent: textOf(query, 'agent'),
    queue: textOf(query, 'queue'),
    direction: DIRECTIONS.includes(direction) ? direction : '',
    period: PERIODS.includes(period) ? period : 'any',
    day: DAY.test(day) ? day : '',
  }
}

export function queryOf(choice: CallChoice): Record<string, string> {
  const all: [string, string][] = [
    ['q', choice.q],
    ['state', choice.state],
    ['agent', choice.agent],
    ['queue', choice.queue],
    ['direction', choice.direction],
    ['period', choice.period === 'any' ? '' : choice.period],
    ['day', choice.period === 'day' ? choice.day : ''],
  ]
  return Object.fromEntries(all.filter(([, value]) => value !== ''))
}

/** From (inclusive) and until (exclusive), as ISO times; undefined means open. */
function range(choice: CallChoice, now: number): { since?: string; until?: string } {
  switch (choice.period) {
    case 'today':
      return { since: midnight(now, 0) }
    case 'yesterday':
      return { since: midnight(now, 1), until: midnight(now, 0) }
    case 'week':
      return { since: midnight(now, 6) }
    case 'month':
      return { since: midnight(now, 29) }
    case 'day': {
      if (!choice.day) return {}
      const start = new Date(`${choice.day}T00:00:00`)
      const next = new Date(start.getTime() + 1.5 * DAY_MS)
      return { since: start.toISOString(), until: midnight(next.getTime(), 0) }
    }
    default:
      return {}
  }
}

/** The server's parameters; it finds numbers, names and spoken words by `q` itself. */
export function filterOf(choice: CallChoice, now: number): ContactFilter {
  const filter: ContactFilter = { ...range(choice, now) }
  if (choice.q) filter.q = choice.q
  if (choice.state) filter.state = choice.state
  if (choice.agent) filter.agent = choice.agent
  if (choice.queue) filter.queue = choice.queue
  if (choice.direction) filter.direction = choice.direction
  return filter
}

function inRange(iso: string, filter: ContactFilter): boolean {
  const at = Date.parse(iso)
  if (filter.since && at < Date.parse(filter.since)) return false
  return !filter.until || at < Date.parse(filter.until)
}

/** Each limit that needs no server: the call's value must be the wanted one. */
const EXACT: [keyof ContactFilter, (contact: Contact) => string | undefined][] = [
  ['state', (contact) => contact.state],
  ['agent', (contact) => contact.agent?.login],
  ['queue', (contact) => contact.queue?.key],
  ['direction', (contact) => contact.direction],
]

/** Whether a changed call belongs to the list; only the server can tell for a search (null). */
export function belongs(contact: Contact, filter: ContactFilter): boolean | null {
  if (EXACT.some(([name, valueOf]) => filter[name] && filter[name] !== valueOf(contact))) return false
  if (!inRange(contact.started_at, filter)) return false
  return filter.q ? null : true
}
