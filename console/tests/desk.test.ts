/** The desk's topic: what each change does, and that overlapping rings never mix. */
import { expect, it } from 'vitest'
import { applyEvent, type DeskShown } from '@/lib/deskEvents'
import type { Turn } from '@/api/types'
import type { AgentView, DeskCall } from '@/types/desk'

const nothing: DeskShown = { agent: null, call: null, today: null, missed: null }
const call = (id: string, more: Partial<DeskCall> = {}): DeskCall =>
  ({ contact_id: id, answered_at: null, turns: [], note: '', ...more }) as DeskCall
const turn = (id: string, start: number, text = ''): Turn => ({ id, start, text }) as Turn

it('takes what the platform says about the agent', () => {
  const agent = { login: 'lin', state: 'ready' } as AgentView
  expect(applyEvent(nothing, { agent }).agent).toBe(agent)
})

it('adds turns in their order and replaces a corrected one', () => {
  let shown = applyEvent(nothing, { call: call('a') })
  for (const one of [turn('2', 4), turn('1', 1), turn('2', 4, 'corrected')])
    shown = applyEvent(shown, { turn: one, contact_id: 'a' })
  expect(shown.call?.turns.map((one) => [one.id, one.text])).toEqual([
    ['1', ''],
    ['2', 'corrected'],
  ])
})

it('gives no part of another call to the one that is shown', () => {
  const shown = applyEvent(nothing, { ring: call('b') })
  expect(applyEvent(shown, { turn: turn('1', 0), contact_id: 'a' })).toBe(shown)
  expect(applyEvent(shown, { draft: null, contact_id: 'a' })).toBe(shown)
  expect(applyEvent(shown, { offer_closed: 'caller_gone', contact_id: 'a' }).call).toBe(shown.call)
})

it('keeps why a ring was missed until the next one', () => {
  let shown = applyEvent(applyEvent(nothing, { ring: call('a') }), {
    offer_closed: 'no_answer',
    contact_id: 'a',
  })
  expect(shown.call).toBeNull()
  expect(shown.missed).toEqual({ contact_id: 'a', result: 'no_answer' })
  shown = applyEvent(shown, { ring: call('b') })
  expect(shown.missed).toBeNull()
})

it('leaves an answered call alone when its offer closes', () => {
  const shown = applyEvent(nothing, { call: call('a', { answered_at: '2026-11-22T06:00:00Z' }) })
  expect(applyEvent(shown, { offer_closed: 'accepted', contact_id: 'a' })).toBe(shown)
})
