/** The desk's pure parts: marked words, the draft under a person's edits, saving, phases, past. */
import { effectScope } from 'vue'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Card, Turn } from '@/api/types'
import { editedFields, shownDraft, unsaved } from '@/lib/desk/draft'
import { orderTone, pastOf, wasCall } from '@/lib/desk/history'
import { keep, keptContacts } from '@/lib/desk/keep'
import { marksByTurn, segments, topicsOf } from '@/lib/desk/marks'
import { useNotes } from '@/lib/desk/notes'
import { phaseOf, secondsUntil } from '@/lib/desk/phase'
import { PAUSE_MS, useSaver } from '@/lib/desk/saver'
import type { DeskCall, Draft } from '@/types/desk'

const evidence = [
  { text: '', start: 1, turn: 'a', rule: '退款:退款' },
  { text: '', start: 2, turn: 'b', rule: '退款:没到账' },
  { text: '', start: 2, turn: 'b', rule: 'escalation:12315' },
]
const draft: Draft = {
  subject: '退款', type: '退款', priority: 'high', department: null, evidence, edited: ['priority'], ticket_no: null,
}
const call = (more: Partial<DeskCall>): DeskCall =>
  ({ contact_id: 'c', direction: 'in', answered_at: null, wrap: null, note: '', ...more }) as DeskCall

describe('marked words', () => {
  it('belong to their sentence, and one pressing rule makes it pressing', () => {
    expect(marksByTurn(evidence).get('a')).toEqual({ words: ['退款'], pressing: false })
    expect(marksByTurn(evidence).get('b')).toEqual({ words: ['没到账', '12315'], pressing: true })
  })

  it('make one chip for each type, the pressing one first', () => {
    expect(topicsOf(evidence).map((one) => [one.type, one.words, one.turn])).toEqual([
      ['escalation', ['12315'], 'b'],
      ['退款', ['退款', '没到账'], 'b'],
    ])
  })

  it('are found everywhere in the sentence, beside what is masked', () => {
    const turn = { text: '退款，退款到139****', words: [], spans: [{ start: 6, end: 13, kind: 'mobile' }] }
    expect(segments(turn as unknown as Turn, ['退款'])).toEqual([
      { text: '退款', mark: true, masked: false },
      { text: '，', mark: false, masked: false },
      { text: '退款', mark: true, masked: false },
      { text: '到139', mark: false, masked: false },
      { text: '****', mark: false, masked: true },
    ])
  })
})

describe('the draft', () => {
  it('shows a person’s words over the classifier’s, an emptied field too', () => {
    expect(shownDraft(draft, { subject: '' })).toEqual({
      subject: '', type: '退款', priority: 'high', department: '',
    })
    expect(editedFields(draft, { subject: '' })).toEqual(new Set(['subject', 'priority']))
  })

  it('sends only what the server does not have', () => {
    expect(unsaved(draft, { subject: '改址', type: '退款' })).toEqual({ subject: '改址' })
    expect(unsaved(null, { department: '' })).toEqual({})
  })
})

describe('saving', () => {
  let fail = false
  const sent: string[] = []
  const save = (text: string): Promise<void> => {
    if (fail) return Promise.reject(new Error('down'))
    sent.push(text)
    return Promise.resolve()
  }

  beforeEach(() => {
    vi.useFakeTimers()
    sessionStorage.clear()
    sent.length = 0
    fail = false
  })
  afterEach(() => void vi.useRealTimers())

  function saver() {
    const scope = effectScope()
    const kept = keep<string>('note', 'lin', 'c1')
    const made = scope.run(() => useSaver(kept, save))
    if (!made) throw new Error('no scope')
    return { ...made, kept, stop: () => scope.stop() }
  }

  it('waits for a pause, sends the last text once, then keeps nothing', async () => {
    const one = saver()
    one.changed('客')
    one.changed('客户')
    expect(one.state.value).toBe('waiting')
    expect(one.kept.read()).toBe('客户')
    await vi.advanceTimersByTimeAsync(PAUSE_MS)
    expect(sent).toEqual(['客户'])
    expect(one.state.value).toBe('saved')
    expect(one.kept.read()).toBeNull()
  })

  it('a failure is told, kept and tried again', async () => {
    const one = saver()
    fail = true
    one.changed('客户')
    await vi.advanceTimersByTimeAsync(PAUSE_MS)
    expect(one.state.value).toBe('failed')
    expect(keptContacts('note', 'lin')).toEqual(['c1'])
    expect(keptContacts('note', 'li')).toEqual([])
    fail = false
    await one.flush()
    expect(sent).toEqual(['客户'])
    expect(one.state.value).toBe('saved')
  })

  it('what goes another way is not saved beside it, also when the page is left', async () => {
    const one = saver()
    one.changed('客户')
    await one.hold()
    await vi.advanceTimersByTimeAsync(PAUSE_MS)
    one.release()
    await one.hold()
    one.stop()
    await vi.advanceTimersByTimeAsync(PAUSE_MS)
    expect(sent).toEqual([])
    expect(one.kept.read()).toBe('客户')
    one.drop()
    expect(one.kept.read()).toBeNull()
  })

  it('what did not go the other way is saved after all', async () => {
    const one = saver()
    one.changed('客户')
    await one.hold()
    one.release()
    await vi.advanceTimersByTimeAsync(PAUSE_MS)
    expect(sent).toEqual(['客户'])
  })

  it('leaving the page saves at once', async () => {
    const one = saver()
    one.changed('客户')
    one.stop()
    await vi.advanceTimersByTimeAsync(0)
    expect(sent).toEqual(['客户'])
  })
})

it('an earlier note stays only while it is typed in', () => {
  sessionStorage.clear()
  const notes = useNotes('lin', () => 'the last call')
  notes.follow(call({ contact_id: 'a', note: 'x' }), () => false)
  notes.follow(null, (contact) => contact === 'a')
  notes.follow(call({ contact_id: 'b' }), () => false)
  expect(notes.slots.value.map(({ contact, of }) => [contact, of])).toEqual([['a', 'the last call'], ['b', null]])
  notes.drop('a')
  notes.drop('b')
  expect(notes.slots.value.map((slot) => slot.contact)).toEqual(['b'])
  notes.follow(null, () => false)
  expect(notes.slots.value).toEqual([])
})

it('the phase follows the call', () => {
  expect(phaseOf(null)).toBe('idle')
  expect(phaseOf(call({}))).toBe('ringing')
  expect(phaseOf(call({ direction: 'out' }))).toBe('dialling')
  expect(phaseOf(call({ answered_at: 'now' }))).toBe('talking')
  expect(phaseOf(call({ answered_at: 'now', wrap: {} as DeskCall['wrap'] }))).toBe('wrap')
})

it('a countdown never goes below zero', () => {
  const now = Date.parse('2026-11-22T06:30:00Z')
  expect(secondsUntil('2026-11-22T06:30:14.2Z', now)).toBe(15)
  expect(secondsUntil('2026-11-22T06:29:00Z', now)).toBe(0)
  expect(secondsUntil(null, now)).toBeNull()
})

it('calls and tickets stand in one line of time without the call that is on', () => {
  const card = {
    last_contacts: [
      { id: 'c', started_at: '2026-11-22T06:00:00Z', queue: null, end_reason: null },
      { id: 'old', started_at: '2026-11-20T06:00:00Z', queue: null, end_reason: 'abandoned_queue' },
    ],
    open_tickets: [{ no: 7, type: null, priority: null, department: null, created_at: '2026-11-21T06:00:00Z' }],
    past: [
      { at: '2026-10-01T06:00:00Z', channel: 'message', summary: '改址', agent: { login: 'a', name: 'A' } },
      { at: '2026-09-01T06:00:00Z', channel: 'call', summary: '催件', agent: { login: 'a', name: 'A' } },
    ],
  } as unknown as Card
  expect(pastOf(card, 'c').map((one) => [one.kind, one.id, one.tone])).toEqual([
    ['ticket', '7', 'warn'],
    ['call', 'old', 'bad'],
    ['older', '2026-10-01T06:00:00Z', ''],
    ['older', '2026-09-01T06:00:00Z', ''],
  ])
  const spoken = pastOf(card, 'c').filter(wasCall)
  expect(spoken.map((one) => one.id)).toEqual(['old', '2026-09-01T06:00:00Z'])
})

it('red is for the order that the brief names', () => {
  const order = { no: '1', item: '', amount: 1, status: 'shipped', placed_at: '' }
  expect(orderTone(order, new Set(['1']))).toBe('bad')
  expect(orderTone(order, new Set())).toBe('accent')
  expect(orderTone({ ...order, status: 'delivered' }, new Set())).toBe('')
})
