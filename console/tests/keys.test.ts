/** The phone's keys: read, ignored while typing or composing, remapped. */
import { expect, it } from 'vitest'
import { actionOf, chordOf, DEFAULT_KEYS, keysFrom, keyText, mayBeBound, rebound } from '@/phone/keys'

const press = (key: string, more: KeyboardEventInit = {}): KeyboardEvent =>
  new KeyboardEvent('keydown', { key, ...more })

it('names a key as it is written on the buttons', () => {
  expect(chordOf(press('F2'))).toBe('F2')
  expect(chordOf(press('m', { code: 'KeyM', altKey: true }))).toBe('Alt+M')
  expect(chordOf(press('?', { shiftKey: true }))).toBe('?')
  expect(chordOf(press('Alt', { altKey: true }))).toBe('')
})

it('takes a letter by its place, whatever the layout or Option make of it', () => {
  expect(actionOf(press('µ', { code: 'KeyM', altKey: true }), DEFAULT_KEYS, false)).toBe('mute')
  const mac = press('˙', { code: 'KeyH', altKey: true, ctrlKey: true })
  expect(actionOf(mac, DEFAULT_KEYS, true)).toBe('hold')
  expect(actionOf(mac, DEFAULT_KEYS, false)).toBeNull()
})

it('does nothing while a Chinese word is composed, or when a key is held down', () => {
  expect(actionOf(press('F2', { isComposing: true }), DEFAULT_KEYS, false)).toBeNull()
  expect(actionOf(press('F2', { repeat: true }), DEFAULT_KEYS, false)).toBeNull()
})

it('leaves a bare character to whoever types, and takes a chord from them', () => {
  const box = document.createElement('input')
  document.body.append(box)
  const heard: (string | null)[] = []
  box.addEventListener('keydown', (event) => heard.push(actionOf(event, DEFAULT_KEYS, false)))
  box.dispatchEvent(press('?'))
  box.dispatchEvent(press('F2'))
  expect(heard).toEqual([null, 'answer'])
  expect(actionOf(press('?'), DEFAULT_KEYS, false)).toBe('help')
})

it('gives a key away by swapping, and forgets what is no key', () => {
  const swapped = rebound(DEFAULT_KEYS, 'hold', 'Alt+M')
  expect([swapped.hold, swapped.mute]).toEqual(['Alt+M', 'Alt+H'])
  expect(keysFrom({ mute: 'F4', hold: 'x', answer: 3 })).toEqual({ ...DEFAULT_KEYS, mute: 'F4' })
  expect(['F9', 'Alt+Q', 'q', ' '].map(mayBeBound)).toEqual([true, true, false, false])
  expect([keyText('Alt+M', false), keyText('Alt+M', true)]).toEqual(['Alt M', '⌃⌥M'])
})
