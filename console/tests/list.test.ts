/** The list of calls: its filter, and where a changed call goes. */
import { expect, it } from 'vitest'
import type { Contact } from '@/api/types'
import { belongs, choiceOf, filterOf, queryOf } from '@/lib/callFilter'
import { merge } from '@/lib/callList'
import { compactTime, duration } from '@/lib/format'

const NOW = new Date(2026, 10, 22, 15, 0).getTime()
const call = (id: string, minute: number, part: Partial<Contact> = {}): Contact =>
  ({ id, started_at: new Date(2026, 10, 22, 14, minute).toISOString(), state: 'ended', agent: null, ...part }) as Contact

it('nonsense in the address bar is no filter', () => {
  const choice = choiceOf({ state: 'dancing', period: 'aeon', day: 'x', q: ['a', 'b'] })
  expect(queryOf(choice)).toEqual({})
  expect(filterOf(choice, NOW)).toEqual({})
})

it('a choice survives the way through the address bar', () => {
  const query = { q: '退款', state: 'talking', agent: 'lin.xiao', queue: 'after_sales', direction: 'out', period: 'day', day: '2026-11-20' }
  expect(queryOf(choiceOf(query))).toEqual(query)
})

it('a day runs from its midnight to the next one', () => {
  const filter = filterOf(choiceOf({ period: 'day', day: '2026-11-20' }), NOW)
  expect(filter.since).toBe(new Date(2026, 10, 20).toISOString())
  expect(filter.until).toBe(new Date(2026, 10, 21).toISOString())
})

it('only the server can say whether a changed call fits a search', () => {
  expect(belongs(call('a', 1), { q: '王' })).toBeNull()
  expect(belongs(call('a', 1), { state: 'talking' })).toBe(false)
  expect(belongs(call('a', 1, { direction: 'in' }), { direction: 'out' })).toBe(false)
  expect(belongs(call('a', 1), { since: new Date(2026, 10, 22).toISOString() })).toBe(true)
})

it('a changed call takes its place, one that fits no longer leaves', () => {
  const list = [call('c', 30), call('a', 10)]
  expect(merge(list, call('b', 20), true, true).map((one) => one.id)).toEqual(['c', 'b', 'a'])
  expect(merge(list, call('a', 10), false, true).map((one) => one.id)).toEqual(['c'])
  expect(merge(list, call('z', 1), true, false).map((one) => one.id)).toEqual(['c', 'a'])
})

it('durations and times are short', () => {
  expect(duration(65.9)).toBe('01:05')
  expect(duration(3661)).toBe('1:01:01')
  expect(compactTime(new Date(2026, 10, 22, 14, 2, 31).toISOString(), NOW)).toBe('14:02:31')
  expect(compactTime(new Date(2026, 10, 21, 14, 2).toISOString(), NOW)).toBe('11-21 14:02')
  expect(compactTime(new Date(2025, 10, 21, 14, 2).toISOString(), NOW)).toBe('2025-11-21 14:02')
})
