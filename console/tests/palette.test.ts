/** The palette finds what is meant, and offers only what can be done now. */
import { describe, expect, it } from 'vitest'
import { grouped, matching, numberIn, ticketIn, type Command } from '@/lib/palette'
import { deedsOf, mayChoose, type PhoneFacts } from '@/phone/possible'

const command = (id: string, more: Partial<Command> = {}): Command => ({
  id, group: 'phone', icon: {}, title: id, run: () => undefined, ...more,
})
const ids = (found: Command[]): string[] => found.map((one) => one.id)

it('finds by a part of the title or the beginning of another word, all typed words together', () => {
  const all = [
    command('mute', { title: 'Mute', also: 'jy jingyin' }),
    command('theme dark', { title: 'Theme: Dark', also: 'zt zhuti' }),
    command('theme light', { title: 'Theme: Light', also: 'zt zhuti' }),
  ]
  expect(ids(matching(all, ' JY '))).toEqual(['mute'])
  expect(ids(matching(all, 'ingyin'))).toEqual([])
  expect(ids(matching(all, 'zt dark'))).toEqual(['theme dark'])
  expect(ids(matching(all, ''))).toEqual(ids(all))
})

it('a whole telephone number is dialled first, a short one last, and a ticket has its sign', () => {
  const all = [command('t', { group: 'tickets' }), command('d', { group: 'dial' }), command('p', { group: 'pages' })]
  expect(grouped(all, '138 0000 5678').map((one) => one.group)).toEqual(['dial', 'pages', 'tickets'])
  expect(grouped(all, '10001').map((one) => one.group)).toEqual(['pages', 'dial', 'tickets'])
  expect([numberIn('１３８-0000 5678'), numberIn('#10001')]).toEqual(['13800005678', ''])
  expect([ticketIn('#10001'), ticketIn(' 7 '), ticketIn('10 001'), ticketIn('x')]).toEqual(['10001', '7', '', ''])
})

describe('what the phone can do', () => {
  const idle: PhoneFacts = {
    ringing: false, onPhone: false, here: false, talking: false, call: null,
    agent: { state: 'ready', phone: 'browser' },
  }
  const talk: PhoneFacts = {
    ...idle, onPhone: true, here: true, talking: true, call: { role: 'owner', consult: null },
    agent: { state: 'talking', phone: 'browser' },
  }
  const asked = (state: 'ringing' | 'talking' | 'conference') => ({
    role: 'owner' as const,
    consult: { id: '1', to: { kind: 'agent' as const, value: 'li', name: '' }, state, since: '', with_customer: false },
  })
  const deeds = (facts: PhoneFacts): string => [...deedsOf(facts)].sort().join(' ')

  it('dials between calls, and only with a phone', () => {
    expect(deeds(idle)).toBe('dial keypad')
    expect(deeds({ ...idle, agent: { state: 'ready', phone: null } })).toBe('')
    expect(deeds({ ...idle, agent: { state: 'ringing', phone: 'browser' } })).toBe('')
    expect(deeds({ ...idle, agent: null })).toBe('')
  })

  it('answers what rings, and does the owner\'s deeds in a talk', () => {
    expect(deeds({ ...idle, ringing: true })).toBe('answer decline')
    expect(deeds(talk)).toBe('consult hangUp hold keypad mute transfer')
    expect(deeds({ ...talk, here: false })).toBe('consult hangUp hold keypad transfer')
    expect(deeds({ ...talk, call: { role: 'consulted', consult: null } })).toBe('hangUp keypad mute')
  })

  it('ends a question before it is answered, and all its ways after', () => {
    expect(deeds({ ...talk, call: asked('ringing') })).toBe('cancel hangUp keypad mute')
    expect(deeds({ ...talk, call: asked('talking') })).toBe('cancel complete conference hangUp keypad mute swap')
    expect(deeds({ ...talk, call: asked('conference') })).toBe('hangUp keypad leave mute')
  })

  it('no state is chosen during a call', () => {
    expect(['ready', 'wrap', 'break', 'offline'].every(mayChoose)).toBe(true)
    expect(['ringing', 'talking', 'hold'].some(mayChoose)).toBe(false)
  })
})
