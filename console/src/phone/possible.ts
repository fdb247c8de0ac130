/** What can be done with the phone in its present state: for the bar's buttons, the keys, the palette. Pure. */
import type { AgentView, Consult, DeskCall } from '@/types/desk'

export const BREAKS = ['rest', 'meal', 'meeting', 'training']
const MAY_DIAL = new Set(['ready', 'break', 'wrap', 'offline'])
const BUSY = new Set(['ringing', 'talking', 'hold'])

export type Deed =
  | 'dial'
  | 'answer'
  | 'decline'
  | 'mute'
  | 'hold'
  | 'transfer'
  | 'consult'
  | 'keypad'
  | 'hangUp'
  | 'swap'
  | 'conference'
  | 'complete'
  | 'cancel'
  | 'leave'

export interface PhoneFacts {
  ringing: boolean
  /** A call goes on, wherever its sound is. */
  onPhone: boolean
  /** Its sound is in this browser. */
  here: boolean
  talking: boolean
  call: Pick<DeskCall, 'role' | 'consult'> | null
  agent: Pick<AgentView, 'state' | 'phone'> | null
}

/** Nobody leaves a call by choosing a state. */
export const mayChoose = (state: string): boolean => !BUSY.has(state)

function withAsked(consult: Consult): Deed[] {
  if (consult.state === 'conference') return ['leave']
  return consult.state === 'talking' ? ['swap', 'conference', 'complete', 'cancel'] : ['cancel']
}

function inCall({ here, talking, call }: PhoneFacts): Deed[] {
  const always: Deed[] = here ? ['mute', 'keypad', 'hangUp'] : ['keypad', 'hangUp']
  if (!talking || call?.role !== 'owner') return always
  return [...always, ...(call.consult ? withAsked(call.consult) : (['hold', 'transfer', 'consult'] as Deed[]))]
}

/** Everything that may be asked of the phone now. */
export function deedsOf(facts: PhoneFacts): Set<Deed> {
  if (facts.ringing) return new Set(['answer', 'decline'])
  if (facts.onPhone) return new Set(inCall(facts))
  const mayDial = facts.agent?.phone != null && MAY_DIAL.has(facts.agent.state)
  return new Set(mayDial ? ['dial', 'keypad'] : [])
}
