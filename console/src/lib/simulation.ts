/** How figures of a simulation are shown: seconds, shares, signs, places on a bar. */
import type { CompareRow, Interval } from '@/api/routing'

const SECONDS = new Set(['mean_wait_s', 'p90_wait_s', 'longest_ordinary_wait_s'])
const MINUS = '−'
const NONE = '—'

export const isSeconds = (measure: string): boolean => SECONDS.has(measure)

/** `12.4 s`, `78.4 %`; the unit is the same in all languages. */
export function figure(measure: string, value: number | null): string {
  if (value === null || !Number.isFinite(value)) return NONE
  return isSeconds(measure) ? `${value.toFixed(1)} s` : `${(value * 100).toFixed(1)} %`
}

/** With its sign; points instead of per cent, for it is a difference of shares. */
export function change(measure: string, value: number | null): string {
  if (value === null || !Number.isFinite(value)) return NONE
  const size = isSeconds(measure) ? `${Math.abs(value).toFixed(1)} s` : (Math.abs(value) * 100).toFixed(1)
  const sign = Number.parseFloat(size) === 0 ? '±' : value < 0 ? MINUS : '+'
  return `${sign}${size}`
}

export function range(measure: string, one: Interval): string {
  if (one.low === null || one.high === null) return ''
  return `${change(measure, one.low)} … ${change(measure, one.high)}`
}

/** The greatest absolute end of all differences of the same kind: the half width of their bars. */
export function reach(rows: CompareRow[], measure: string): number {
  const ends = rows
    .filter((row) => isSeconds(row.measure) === isSeconds(measure))
    .flatMap(({ difference }) => (difference ? [difference.low, difference.high, difference.mean] : []))
  return Math.max(1e-9, ...ends.map((end) => Math.abs(end ?? 0)))
}

/** Where a value lies on a bar from −reach to +reach, 0 … 100. */
export const place = (value: number, most: number): number =>
  Math.min(100, Math.max(0, 50 + (value / most) * 48))

/** Seconds since midnight as `09:30`. */
export function timeOfDay(seconds: number): string {
  const minutes = Math.round(seconds / 60)
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
}

/** Half hours that have callers worth counting: fewer than one in ten days is noise. */
export const worthShowing = (calls: number): boolean => calls >= 0.1
