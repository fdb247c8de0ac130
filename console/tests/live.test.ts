/** The live socket: snapshots, numbered changes, gaps, loss and return, the end of the session. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { LiveSocket, type LiveState } from '@/api/live'

class FakeSocket {
  static readonly OPEN = 1
  static made: FakeSocket[] = []
  readyState = 0
  sent: unknown[] = []
  onopen = (): void => undefined
  onmessage: (message: { data: string }) => void = () => undefined
  onclose: (event: { code: number }) => void = () => undefined

  constructor(readonly address: string) {
    FakeSocket.made.push(this)
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text))
  }

  close(): void {
    this.readyState = 3
  }

  accept(): void {
    this.readyState = FakeSocket.OPEN
    this.onopen()
  }

  say(frame: object): void {
    this.onmessage({ data: JSON.stringify(frame) })
  }
}

const states: LiveState[] = []
let signedOut = 0
let live: LiveSocket
const last = (): FakeSocket => FakeSocket.made[FakeSocket.made.length - 1] as FakeSocket

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('WebSocket', FakeSocket)
  FakeSocket.made = []
  states.length = 0
  signedOut = 0
  live = new LiveSocket(() => 'ws://here/live', {
    state: (state) => states.push(state),
    signedOut: () => (signedOut += 1),
  })
})

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

function reader() {
  const heard: unknown[] = []
  return { heard, snapshot: (data: unknown) => heard.push(data), change: (data: unknown) => heard.push(data) }
}

it('subscribes when open, hands on the snapshot and the changes in order', () => {
  const calls = reader()
  live.subscribe('contacts', calls)
  live.open()
  last().accept()
  expect(last().sent).toEqual([{ subscribe: ['contacts'] }])
  last().say({ topic: 'contacts', seq: 4, event: 'too early' })
  last().say({ topic: 'contacts', seq: 5, snapshot: 'all', as_of: '2026-11-22T00:00:00Z' })
  last().say({ topic: 'contacts', seq: 6, event: 'one' })
  last().say({ topic: 'contacts', seq: 6, event: 'again' })
  expect(calls.heard).toEqual(['all', 'one'])
})

it('a gap asks for a new snapshot', () => {
  const calls = reader()
  live.subscribe('contacts', calls)
  live.open()
  last().accept()
  last().say({ topic: 'contacts', seq: 1, snapshot: 'all' })
  last().say({ topic: 'contacts', seq: 3, event: 'after a gap' })
  expect(calls.heard).toEqual(['all'])
  expect(last().sent).toEqual([{ subscribe: ['contacts'] }, { subscribe: ['contacts'] }])
})

it('reconnects later and later, and at once when asked', () => {
  live.open()
  last().onclose({ code: 1006 })
  expect(states.at(-1)).toBe('lost')
  vi.advanceTimersByTime(499)
  expect(FakeSocket.made).toHaveLength(1)
  vi.advanceTimersByTime(1)
  expect(FakeSocket.made).toHaveLength(2)
  last().onclose({ code: 1006 })
  vi.advanceTimersByTime(999)
  expect(FakeSocket.made).toHaveLength(2)
  live.retryNow()
  expect(FakeSocket.made).toHaveLength(3)
})

it('subscribes again after the return', () => {
  live.subscribe('queues', reader())
  live.open()
  last().accept()
  last().onclose({ code: 1006 })
  vi.advanceTimersByTime(500)
  last().accept()
  expect(last().sent).toEqual([{ subscribe: ['queues'] }])
  expect(states.at(-1)).toBe('open')
})

it('an ended session is not retried', () => {
  live.open()
  last().accept()
  last().onclose({ code: 4401 })
  vi.advanceTimersByTime(60_000)
  expect(FakeSocket.made).toHaveLength(1)
  expect(signedOut).toBe(1)
})

it('a topic without readers is left', () => {
  live.open()
  last().accept()
  const leave = live.subscribe('contact:1', reader())
  leave()
  last().say({ topic: 'contact:1', seq: 1, snapshot: 'nobody reads this' })
  expect(last().sent).toEqual([{ subscribe: ['contact:1'] }, { unsubscribe: ['contact:1'] }])
})
