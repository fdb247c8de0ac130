/** How a ticket stands to its due time. */

const HOUR = 3_600_000
const SOON = 2 * HOUR
const UNSOLVED = new Set(['open', 'pending'])

export type Due = { key: 'late' | 'soon'; n: number; unit: 'minutes' | 'hours' | 'days' } | { key: 'later' | 'none' }

/** `now` in epoch milliseconds. A settled ticket is not due any more. */
export function dueOf(ticket: { state?: string; due_at: string }, now: number): Due {
  if (ticket.state && !UNSOLVED.has(ticket.state)) return { key: 'none' }
  const left = Date.parse(ticket.due_at) - now
  if (left > SOON) return { key: 'later' }
  return { key: left < 0 ? 'late' : 'soon', ...span(Math.abs(left)) }
}

function span(ms: number): { n: number; unit: 'minutes' | 'hours' | 'days' } {
  const hours = Math.floor(ms / HOUR)
  if (hours >= 48) return { n: Math.floor(hours / 24), unit: 'days' }
  return hours >= 1 ? { n: hours, unit: 'hours' } : { n: Math.floor(ms / 60_000), unit: 'minutes' }
}
