/** Views of tickets in the address bar, edits that are real, and what two people changed at once. */
import { expect, it } from 'vitest'
import type { CustomerDetail } from '@/api/customers'
import type { WorkTicket } from '@/api/tickets'
import { storyOf } from '@/lib/customerStory'
import { dueOf } from '@/lib/due'
import { clashes, patchOf, realEdits } from '@/lib/ticketDraft'
import { choiceOf, filterOf, queryOf } from '@/lib/ticketFilter'

const TICKET = {
  no: 1, subject: 'late', type: 'delivery', priority: 'high', department: null, state: 'open',
  assignee: { login: 'lin', name: 'Lin' }, version: 3,
} as unknown as WorkTicket

it('a view and its limits survive the way through the address bar', () => {
  const query = { view: 'solved', q: 'late', priority: 'high' }
  expect(queryOf(choiceOf(query, 'mine'), 'mine')).toEqual(query)
  expect(choiceOf({ view: 'nonsense' }, 'open').view).toBe('open')
  expect(queryOf(choiceOf({}, 'mine'), 'mine')).toEqual({})
})

it('each view asks the server for its own', () => {
  expect(filterOf(choiceOf({}, 'mine'))).toEqual({ assignee: 'me', state: 'unsolved' })
  expect(filterOf(choiceOf({ view: 'overdue', sort: 'due' }, 'mine'))).toEqual({ overdue: true, sort: 'due' })
  expect(filterOf(choiceOf({ view: 'all', department: 'x' }, 'mine'))).toEqual({ department: 'x' })
})

it('an edit back to what it was is no edit, and an emptied choice is none', () => {
  expect(realEdits(TICKET, { subject: 'late', department: '' })).toEqual({})
  expect(patchOf(realEdits(TICKET, { subject: '', assignee: '' }))).toEqual({ subject: '', assignee: null })
})

it('only what both changed differently is a clash', () => {
  const now = { ...TICKET, priority: 'urgent', type: 'refund' } as WorkTicket
  expect(clashes(TICKET, now, { priority: 'low', type: 'refund', subject: 'new' })).toEqual([
    { field: 'priority', theirs: 'urgent', mine: 'low' },
  ])
})

it('a customer’s story is one line of time, newest first', () => {
  const customer = {
    contacts: [{ started_at: '2026-11-02T00:00:00Z' }],
    tickets: [{ created_at: '2026-11-03T00:00:00Z' }],
    orders: [{ placed_at: '2026-11-01T00:00:00+08:00' }],
    past: [{ at: '2026-10-01T00:00:00Z' }],
  } as unknown as CustomerDetail
  expect(storyOf(customer).map((one) => one.kind)).toEqual(['ticket', 'call', 'order', 'older'])
})

it('an unsolved ticket is late, due soon, or later; a settled one is not due', () => {
  const now = Date.parse('2026-11-03T12:00:00Z')
  const due = (due_at: string, state = 'open') => dueOf({ due_at, state }, now)
  expect(due('2026-11-01T11:00:00Z')).toEqual({ key: 'late', n: 2, unit: 'days' })
  expect(due('2026-11-03T11:59:00Z', 'pending')).toEqual({ key: 'late', n: 1, unit: 'minutes' })
  expect(due('2026-11-03T13:30:00Z')).toEqual({ key: 'soon', n: 1, unit: 'hours' })
  expect(due('2026-11-03T15:00:00Z')).toEqual({ key: 'later' })
  expect(due('2026-11-01T11:00:00Z', 'solved')).toEqual({ key: 'none' })
})
