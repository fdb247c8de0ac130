/** The phone's keys: which one does what, read from events, remapped, shown. */

export const ACTIONS = [
  'answer',
  'mute',
  'hold',
  'transfer',
  'consult',
  'keypad',
  'hangUp',
  'note',
  'help',
] as const
export type Action = (typeof ACTIONS)[number]
export type KeyMap = Record<Action, string>

/** Ctrl+Shift is the browser's own, hence Alt; macOS writes characters with Option, hence ⌃⌥ there. */
export const DEFAULT_KEYS: KeyMap = {
  answer: 'F2',
  mute: 'Alt+M',
  hold: 'Alt+H',
  transfer: 'Alt+T',
  consult: 'Alt+C',
  keypad: 'Alt+K',
  hangUp: 'Alt+X',
  note: 'Alt+N',
  help: '?',
}

const MODIFIERS = new Set(['Control', 'Alt', 'Shift', 'Meta', 'AltGraph'])

/** The key of an event: by its place for letters and digits, so that no layout or Option changes it. */
function baseKey(event: KeyboardEvent): string {
  const place = /^(?:Key|Digit)(.)$/.exec(event.code)?.[1]
  if (place && (event.altKey || event.ctrlKey || event.metaKey)) return place
  return event.key.length === 1 ? event.key.toUpperCase() : event.key
}

/** `Alt+M`, `F2`, `?`; empty while only modifiers are down. */
export function chordOf(event: KeyboardEvent): string {
  if (MODIFIERS.has(event.key)) return ''
  const key = baseKey(event)
  const printed = key.length === 1 && !event.altKey && !event.ctrlKey && !event.metaKey
  const parts = [
    event.ctrlKey && 'Ctrl',
    event.altKey && 'Alt',
    event.metaKey && 'Meta',
    // The shift that a printed character needs is part of that character.
    event.shiftKey && !printed && 'Shift',
    key,
  ]
  return parts.filter(Boolean).join('+')
}

/** On a Mac ⌃⌥ is held where Alt is said elsewhere. */
const asWritten = (chord: string, mac: boolean): string =>
  mac ? chord.replace('Ctrl+Alt+', 'Alt+') : chord

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.matches('input, textarea, select, [role=textbox]'))

export const onMac = (): boolean => /Mac|iPhone|iPad/.test(navigator.userAgent)

/** Which action an event asks for; none while a Chinese word is being composed. */
export function actionOf(event: KeyboardEvent, keys: KeyMap, mac = onMac()): Action | null {
  if (event.isComposing || event.repeat) return null
  const chord = asWritten(chordOf(event), mac)
  const found = ACTIONS.find((action) => keys[action] === chord) ?? null
  // A bare character is text wherever one can type.
  return found && chord.length === 1 && isTyping(event.target) ? null : found
}

/** A chord that may be given to an action: a function key or one with a modifier. */
export const mayBeBound = (chord: string): boolean => /^(F\d+|.+\+.+|\?)$/.test(chord)

/** The map with `chord` for `action`; whoever had it before swaps with it. */
export function rebound(keys: KeyMap, action: Action, chord: string): KeyMap {
  const other = ACTIONS.find((one) => keys[one] === chord && one !== action)
  return { ...keys, ...(other ? { [other]: keys[action] } : {}), [action]: chord }
}

/** Stored keys over the defaults; what is not a chord of a known action is left out. */
export function keysFrom(stored: unknown): KeyMap {
  const given = (stored ?? {}) as Partial<Record<Action, unknown>>
  const fits = (one: Action): boolean => typeof given[one] === 'string' && mayBeBound(given[one])
  return Object.fromEntries(
    ACTIONS.map((one) => [one, fits(one) ? given[one] : DEFAULT_KEYS[one]]),
  ) as KeyMap
}

/** As printed on a button: `Alt M`, on a Mac `⌃⌥M`. */
export const keyText = (chord: string, mac = onMac()): string =>
  mac ? chord.replace('Alt+', '⌃⌥').replace('Ctrl+', '⌃').replace('Shift+', '⇧') : chord.replaceAll('+', ' ')
