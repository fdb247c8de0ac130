/** The phone's small parts: the leg's table, ring stop, press guard, back-off, rejoining, numbers. */
import { expect, it } from 'vitest'
import { Alerts, type Channel, type RingFacts } from '@/phone/alerts'
import { BackOff, FIRST_MS, LONGEST_MS } from '@/phone/backoff'
import { clockFinding, CHECKING, lineFinding, passes, type Findings } from '@/phone/check'
import { verdictOf } from '@/phone/connectionTest'
import { dialable, isDialable, looksLikeNumber } from '@/phone/dialable'
import { answersItself, kindOf, legAfter, mayArrive, moved, NO_LEG, type LegState } from '@/phone/leg'
import { countCandidates, qualityOf } from '@/phone/quality'
import { isForgotten, shouldRejoin, type Situation } from '@/phone/rejoin'
import { ringSamples } from '@/phone/ringer'
import { endOf } from '@/phone/sipLeg'
import { choicesOf, moveTo } from '@/phone/targets'
import { PRESS_GAP_MS, PressGuard } from '@/phone/throttle'
import { DEFAULT_KEYS } from '@/phone/keys'
import type { DeskCall } from '@/types/desk'

it('a leg rings, is answered, talks and ends, and does nothing else', () => {
  const path = (['invited', 'answer', 'connected', 'over'] as const).reduce<LegState[]>(
    (seen, trigger) => [...seen, legAfter(seen[seen.length - 1] as LegState, trigger) as LegState],
    ['none'],
  )
  expect(path).toEqual(['none', 'ringing', 'answering', 'talking', 'ended'])
  expect(legAfter('talking', 'answer')).toBeNull()
  expect(legAfter('none', 'over')).toBeNull()
  const talking = { ...NO_LEG, state: 'talking' as const }
  expect(moved(talking, 'invited')).toBe(talking)
  expect(moved(talking, 'over', 'network')).toMatchObject({ state: 'ended', end: 'network' })
})

it('answers by itself what the agent began, and lets only a rejoining leg into a talk', () => {
  expect(['offer', 'consult', 'outbound', 'attach'].map((kind) => answersItself(kindOf(kind)))).toEqual([
    false, false, true, true,
  ])
  expect(kindOf('surprise')).toBe('offer')
  expect(mayArrive('talking', 'offer')).toBe(false)
  expect(mayArrive('talking', 'attach')).toBe(true)
  expect(mayArrive('ended', 'offer')).toBe(true)
})

it('tells why a leg ended in causes that have words', () => {
  expect(endOf('remote', 'Canceled')).toBe('caller_gone')
  expect(endOf('remote', 'Terminated')).toBe('remote')
  expect(endOf('local', 'RTP Timeout')).toBe('network')
  expect(endOf('local', 'User Denied Media Access')).toBe('microphone')
  expect(endOf('system', 'Connection Error')).toBe('network')
  expect(endOf('local', 'Terminated')).toBe('local')
})

it('starts all channels of a ring together and stops them together, at once', () => {
  const heard: string[] = []
  const channel = (name: string, key: (call: RingFacts) => string): Channel => ({
    key,
    start: (call) => {
      heard.push(`${name} ${call.title}`)
      return () => heard.push(`${name} stops`)
    },
  })
  const alerts = new Alerts([channel('sound', (call) => call.contact), channel('note', (call) => call.title)])
  const ring = { contact: 'a', title: 'unknown', body: '' }
  alerts.ring(ring)
  alerts.ring(ring)
  alerts.ring({ ...ring, title: 'Wang' })
  alerts.stop()
  alerts.stop()
  expect(heard).toEqual([
    'sound unknown', 'note unknown', 'note stops', 'note Wang', 'sound stops', 'note stops',
  ])
})

it('a second press within the gap does nothing', () => {
  let now = 1000
  const guard = new PressGuard(() => now)
  expect(guard.allows()).toBe(true)
  now += PRESS_GAP_MS - 1
  expect(guard.allows()).toBe(false)
  now += 1
  expect(guard.allows()).toBe(true)
})

it('tries again at once, then rarer and rarer, never rarer than the limit', () => {
  const backOff = new BackOff(() => 1)
  expect(backOff.isDue(0)).toBe(true)
  backOff.failed(0)
  expect(backOff.isDue(FIRST_MS - 1)).toBe(false)
  expect(backOff.isDue(FIRST_MS)).toBe(true)
  for (let time = 0; time < 20; time += 1) backOff.failed(0)
  expect(backOff.isDue(LONGEST_MS - 1)).toBe(false)
  expect(backOff.isDue(LONGEST_MS)).toBe(true)
  backOff.hurry()
  expect(backOff.isDue(0)).toBe(true)
})

const call = { contact_id: 'a', state: 'talking', answered_at: 'then', wrap: null } as DeskCall
const at = (more: Partial<Situation>): Situation => ({
  now: 10_000, leg: NO_LEG, legSince: 0, askedAt: -Infinity, call, agent: null, ...more,
})

it('joins its talk again after a reload at once, after a lost leg when the dust has settled', () => {
  expect(shouldRejoin(at({}))).toBe(true)
  expect(shouldRejoin(at({ askedAt: 9_000 }))).toBe(false)
  expect(shouldRejoin(at({ call: null }))).toBe(false)
  expect(shouldRejoin(at({ call: { ...call, answered_at: null } }))).toBe(false)
  expect(shouldRejoin(at({ agent: { phone: 'sip' } as Situation['agent'] }))).toBe(false)
  const ended = { ...NO_LEG, state: 'ended' as const }
  expect(shouldRejoin(at({ leg: ended, legSince: 9_500 }))).toBe(false)
  expect(shouldRejoin(at({ leg: ended, legSince: 7_000 }))).toBe(true)
  expect(shouldRejoin(at({ leg: { ...ended, state: 'talking' } }))).toBe(false)
})

it('drops a leg whose call is over for the platform', () => {
  const leg = { ...NO_LEG, state: 'talking' as const, contact: 'a' }
  expect(isForgotten(at({ leg }))).toBe(false)
  expect(isForgotten(at({ leg, call: null }))).toBe(true)
  expect(isForgotten(at({ leg, call: null, legSince: 9_000 }))).toBe(false)
  expect(isForgotten(at({ leg, call: { ...call, contact_id: 'b' } }))).toBe(true)
})

it('reads numbers as people write them', () => {
  expect(dialable(' +86 138-0000 5678')).toBe('+8613800005678')
  expect(dialable('１３８（）００')).toBe('13800')
  expect(dialable('1+2')).toBe('12')
  expect(isDialable('12')).toBe(false)
  expect(looksLikeNumber('138 0000 5678')).toBe(true)
  expect(looksLikeNumber('li 5')).toBe(false)
})

const found = {
  agents: [
    { login: 'a', name: 'A', department: null, state: 'break', since: '' },
    { login: 'b', name: 'B', department: null, state: 'ready', since: '' },
    { login: 'me', name: 'Me', department: null, state: 'ready', since: '' },
  ],
  queues: [{ key: 'q', name: 'Q', waiting: 0, longest_wait_s: null, ready: 1 }],
}

it('offers who is ready first, not oneself, and queues only for a transfer', () => {
  const all = choicesOf(found, '', { queues: true, without: 'me' })
  expect(all.map((one) => `${one.kind} ${one.value}`)).toEqual(['agent b', 'agent a', 'queue q'])
  const asked = choicesOf(found, '13800005678', { queues: false, without: 'me' })
  expect(asked.map((one) => one.kind)).toEqual(['number', 'agent', 'agent'])
})

it('walks a list as a ring', () => {
  expect(moveTo('ArrowDown', 2, 3)).toBe(0)
  expect(moveTo('ArrowUp', 0, 3)).toBe(2)
  expect(moveTo('a', 0, 3)).toBeNull()
  expect(moveTo('ArrowDown', 0, 0)).toBeNull()
})

it('lets nobody be ready with a red item, or before all was looked at', () => {
  const good: Findings = {
    microphone: 'ok', speaker: 'ask', sound: 'ok', notification: 'denied', line: 'ok', clock: 'off',
  }
  expect(passes(good)).toBe(true)
  expect(passes({ ...good, microphone: 'denied' })).toBe(false)
  expect(passes({ ...good, sound: CHECKING })).toBe(false)
  expect(passes({ ...good, line: 'busy' })).toBe(false)
  expect([null, 0, -3_000, 400_000].map(clockFinding)).toEqual(['busy', 'ok', 'off', 'far'])
  const line = { place: 'here' as const, registered: false, refused: false, lost: false }
  expect(lineFinding(line)).toBe('busy')
  expect(lineFinding({ ...line, lost: true })).toBe('socket')
  expect(lineFinding({ ...line, place: 'elsewhere' })).toBe('elsewhere')
  expect(lineFinding({ ...line, refused: true })).toBe('refused')
})

it('says first what must be solved first', () => {
  const result = (light: 'ok' | 'warn' | 'bad') => ({ light, code: light, params: {} })
  expect(verdictOf({ secure: result('ok'), clock: result('warn') })).toEqual(['warn', null])
  expect(verdictOf({ loopback: result('bad'), socket: result('bad') })).toEqual(['bad', 'socket'])
})

it('reads quality and candidates from what the browser reports', () => {
  const reports = [
    { type: 'inbound-rtp', kind: 'audio', packetsReceived: 98, packetsLost: 2, jitter: 0.004 },
    { type: 'candidate-pair', nominated: true, currentRoundTripTime: 0.021 },
  ]
  expect(qualityOf(reports)).toEqual({ rtt: 21, jitter: 4, loss: 2 })
  expect(qualityOf([])).toBeNull()
  const hidden = { type: 'host', address: 'x.local' } as const
  expect(countCandidates([hidden])).toMatchObject({ host: 1, hidden: true })
  expect(countCandidates([hidden, { type: 'host', address: '10.0.0.1' }]).hidden).toBe(false)
})

it('the ring has sound, stays within full scale and ends each round quietly', () => {
  const samples = ringSamples(8000)
  const peak = Math.max(...samples.map(Math.abs))
  expect(peak).toBeGreaterThan(0.2)
  expect(peak).toBeLessThan(1)
  expect(Math.abs(samples[samples.length - 1] as number)).toBeLessThan(0.01)
})

it('every action has a key of its own', () => {
  expect(new Set(Object.values(DEFAULT_KEYS)).size).toBe(Object.keys(DEFAULT_KEYS).length)
})
