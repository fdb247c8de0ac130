/** Which colour family a state, priority or tier wears; words are in the message files. */
import type { CallState } from '@/api/types'

export type Tone = '' | 'ok' | 'warn' | 'bad' | 'vio' | 'accent'

const CALL: Record<CallState, Tone> = {
  ivr: 'vio',
  waiting: 'warn',
  choosing: 'warn',
  voicemail: 'vio',
  ringing: 'warn',
  talking: 'accent',
  held: 'warn',
  outside: 'accent',
  dialling: 'accent',
  secure: 'warn',
  leaving: '',
  ended: '',
}

const AGENT: Record<string, Tone> = {
  ready: 'ok',
  ringing: 'warn',
  hold: 'warn',
  talking: 'accent',
  held: 'warn',
  outside: 'accent',
  dialling: 'accent',
  wrap: 'vio',
}

const PRIORITY: Record<string, Tone> = { urgent: 'bad', high: 'bad', normal: '', medium: 'warn' }

const TICKET: Record<string, Tone> = { open: 'accent', pending: 'warn', solved: 'ok' }

const SCRIPT: Record<string, Tone> = { published: 'ok', in_review: 'warn', draft: 'accent' }

/** Ends that a person should look at; a completed call is calm. */
const LOST_ENDS = new Set(['failed', 'lost', 'no_agents', 'voicemail_failed'])

export const callTone = (state: CallState): Tone => CALL[state]
export const agentTone = (state: string): Tone => AGENT[state] ?? ''
export const priorityTone = (priority: string | null): Tone => PRIORITY[priority ?? ''] ?? ''

export const ticketTone = (state: string): Tone => TICKET[state] ?? ''

export const scriptTone = (state: string): Tone => SCRIPT[state] ?? ''

export function endTone(reason: string | null): Tone {
  if (!reason || reason === 'completed') return ''
  return LOST_ENDS.has(reason) ? 'bad' : 'warn'
}

const VIP = new Set(['vip', 'gold', 'platinum', 'diamond'])
const ORDINARY = new Set(['', 'normal'])

/** Gold is for the best customers only. */
export const isVip = (tier: string | null | undefined): boolean => VIP.has(tier ?? '')
/** Whether the tier is worth a word at all. */
export const isTier = (tier: string | null | undefined): boolean => !ORDINARY.has(tier ?? '')
