/** The ticket list's views and filters: in the address bar as text, at the server as parameters. */
import type { LocationQuery } from 'vue-router'
import type { TicketQuery } from '@/api/tickets'

export const VIEWS = ['mine', 'unassigned', 'overdue', 'open', 'solved', 'all'] as const
export type View = (typeof VIEWS)[number]

/** What a person chose; empty strings mean "no limit". */
export interface TicketChoice {
  view: View
  department: string
  q: string
  type: string
  priority: string
  /** `due` = what is due first; empty = newest first. */
  sort: string
}

/** Tickets that still ask for work. */
const UNSOLVED = 'unsolved'

const BY_VIEW: Record<View, TicketQuery> = {
  mine: { assignee: 'me', state: UNSOLVED },
  unassigned: { assignee: 'none', state: UNSOLVED },
  overdue: { overdue: true },
  open: { state: UNSOLVED },
  solved: { state: 'solved' },
  all: {},
}

const textOf = (query: LocationQuery, name: string): string => {
  const value = query[name]
  return typeof value === 'string' ? value.trim() : ''
}

export function choiceOf(query: LocationQuery, home: View): TicketChoice {
  const view = textOf(query, 'view') as View
  return {
    view: VIEWS.includes(view) ? view : home,
    department: textOf(query, 'department'),
    q: textOf(query, 'q'),
    type: textOf(query, 'type'),
    priority: textOf(query, 'priority'),
    sort: textOf(query, 'sort') === 'due' ? 'due' : '',
  }
}

export function queryOf(choice: TicketChoice, home: View): Record<string, string> {
  const all = Object.entries({ ...choice, view: choice.view === home ? '' : choice.view })
  return Object.fromEntries(all.filter(([, value]) => value !== ''))
}

/** The server's parameters. */
export function filterOf({ view, ...limits }: TicketChoice): TicketQuery {
  const given = Object.entries(limits).filter(([, value]) => value !== '')
  return { ...BY_VIEW[view], ...(Object.fromEntries(given) as TicketQuery) }
}
