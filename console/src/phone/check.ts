/** The check before one goes ready: what was found for each item, and what that means; pure. */

export type Light = 'ok' | 'warn' | 'bad' | 'busy'
export type Item = 'microphone' | 'speaker' | 'sound' | 'notification' | 'line' | 'clock'

/** What may be found; `checking` is everybody's beginning. */
const LIGHTS: Record<Item, Record<string, Light>> = {
  microphone: { ok: 'ok', quiet: 'warn', denied: 'bad', missing: 'bad', busy: 'bad', insecure: 'bad', failed: 'bad' },
  speaker: { ok: 'ok', ask: 'warn', deaf: 'bad' },
  sound: { ok: 'ok', locked: 'bad' },
  notification: { ok: 'ok', ask: 'warn', denied: 'warn', none: 'warn' },
  line: { ok: 'ok', busy: 'busy', elsewhere: 'bad', refused: 'bad', socket: 'bad' },
  clock: { ok: 'ok', off: 'warn', far: 'bad', busy: 'busy' },
}

export const ITEMS = Object.keys(LIGHTS) as Item[]
export const CHECKING = 'checking'
export type Findings = Record<Item, string>

export const lightOf = (item: Item, found: string): Light => LIGHTS[item][found] ?? 'busy'

/** Ready is allowed when nothing is red and everything was looked at. */
export const passes = (found: Findings): boolean =>
  ITEMS.every((item) => ['ok', 'warn'].includes(lightOf(item, found[item])))

/** Above this a person is speaking, or the room is. */
export const HEARD = 0.01
const CLOCK_OFF_MS = 2_000
/** Sessions and certificates begin to fail about here. */
const CLOCK_FAR_MS = 300_000

export function clockFinding(skew: number | null): string {
  if (skew === null) return 'busy'
  const off = Math.abs(skew)
  if (off > CLOCK_FAR_MS) return 'far'
  return off > CLOCK_OFF_MS ? 'off' : 'ok'
}

export interface LineFacts {
  place: 'none' | 'here' | 'elsewhere' | 'insecure'
  registered: boolean
  refused: boolean
  lost: boolean
}

export function lineFinding(line: LineFacts): string {
  if (line.registered) return 'ok'
  if (line.place === 'elsewhere') return 'elsewhere'
  if (line.refused) return 'refused'
  return line.lost || line.place === 'insecure' ? 'socket' : 'busy'
}

export function notificationFinding(): string {
  if (!('Notification' in window)) return 'none'
  return { granted: 'ok', denied: 'denied', default: 'ask' }[Notification.permission]
}
