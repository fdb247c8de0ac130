/** The list one chooses from to transfer or to consult; pure. */
import type { AgentTarget, QueueTarget, TransferTargets } from '@/types/phone'
import { dialable, looksLikeNumber } from './dialable'

export type TargetChoice =
  | ({ kind: 'agent'; value: string } & AgentTarget)
  | ({ kind: 'queue'; value: string } & QueueTarget)
  | { kind: 'number'; value: string; name: string }

/** Who can take it at once comes first; nobody is hidden, the platform decides. */
const PLACE = ['ready', 'wrap', 'talking', 'hold', 'ringing', 'break', 'offline']
const place = (state: string): number =>
  PLACE.includes(state) ? PLACE.indexOf(state) : PLACE.length

export function choicesOf(
  found: TransferTargets | null,
  q: string,
  wanted: { queues: boolean; without: string },
): TargetChoice[] {
  const numbers: TargetChoice[] = looksLikeNumber(q)
    ? [{ kind: 'number', value: dialable(q), name: '' }]
    : []
  const agents = (found?.agents ?? [])
    .filter((one) => one.login !== wanted.without)
    .sort((a, b) => place(a.state) - place(b.state))
    .map((one): TargetChoice => ({ kind: 'agent', value: one.login, ...one }))
  const queues = wanted.queues ? (found?.queues ?? []) : []
  return [
    ...numbers,
    ...agents,
    ...queues.map((one): TargetChoice => ({ kind: 'queue', value: one.key, ...one })),
  ]
}

/** Where an arrow key leads in a list that is a ring; null for other keys. */
export function moveTo(key: string, at: number, length: number): number | null {
  if (length === 0) return null
  if (key === 'ArrowDown') return (at + 1) % length
  if (key === 'ArrowUp') return (at + length - 1) % length
  return null
}
