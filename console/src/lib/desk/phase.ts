/** Which of its faces the desk shows. */
import type { DeskCall } from '@/types/desk'

export type Phase = 'idle' | 'ringing' | 'dialling' | 'talking' | 'wrap'

export function phaseOf(call: DeskCall | null): Phase {
  if (!call) return 'idle'
  if (call.wrap) return 'wrap'
  if (call.answered_at) return 'talking'
  return call.direction === 'out' ? 'dialling' : 'ringing'
}

/** Whole seconds until `iso`, never below zero; null without an end. */
export function secondsUntil(iso: string | null | undefined, now: number): number | null {
  if (!iso) return null
  return Math.max(0, Math.ceil((Date.parse(iso) - now) / 1000))
}
