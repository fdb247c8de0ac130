/** The browser's own leg of a call as a table: what is heard and spoken, not what the agent's state is. */

export type LegState = 'none' | 'ringing' | 'answering' | 'talking' | 'ended'
export type LegTrigger = 'invited' | 'answer' | 'connected' | 'over'

/** What the platform wants of an arriving leg: two kinds ring, two answer by themselves. */
export type LegKind = 'offer' | 'consult' | 'outbound' | 'attach'

const TABLE: Record<LegState, Partial<Record<LegTrigger, LegState>>> = {
  none: { invited: 'ringing' },
  ringing: { answer: 'answering', over: 'ended' },
  answering: { connected: 'talking', over: 'ended' },
  talking: { over: 'ended' },
  ended: { invited: 'ringing' },
}

/** The next state, or null when the trigger means nothing in this one. */
export const legAfter = (state: LegState, trigger: LegTrigger): LegState | null =>
  TABLE[state][trigger] ?? null

export const isLive = (state: LegState): boolean =>
  state === 'ringing' || state === 'answering' || state === 'talking'

/** Calls that the agent began, or was in before a reload, are taken without asking again. */
export const answersItself = (kind: LegKind): boolean => kind === 'outbound' || kind === 'attach'

const KINDS = new Set<string>(['offer', 'consult', 'outbound', 'attach'])

/** The header `X-Callwright` of an INVITE; a plain call to this phone rings like an offer. */
export const kindOf = (header: string | undefined): LegKind =>
  KINDS.has(header ?? '') ? (header as LegKind) : 'offer'

/** Whether an arriving leg may have the phone: a rejoining one replaces what is left of the old. */
export const mayArrive = (state: LegState, kind: LegKind): boolean =>
  !isLive(state) || kind === 'attach'

/** Why a leg ended, as far as this browser knows. */
export type LegEnd = 'remote' | 'local' | 'caller_gone' | 'microphone' | 'network'

export interface Leg {
  state: LegState
  kind: LegKind
  contact: string
  end: LegEnd | null
}

export const NO_LEG: Leg = { state: 'none', kind: 'offer', contact: '', end: null }

/** The leg after a trigger; unchanged when it means nothing now. */
export function moved(leg: Leg, trigger: LegTrigger, end: LegEnd | null = null): Leg {
  const state = legAfter(leg.state, trigger)
  return state ? { ...leg, state, end } : leg
}
