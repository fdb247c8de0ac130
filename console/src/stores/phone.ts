/** The softphone for pages and bar: what the call is, and everything that can be done to it. */
import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import { ApiError } from '@/api/client'
import { setAgentState } from '@/api/operations'
import * as api from '@/api/phone'
import { isLive, NO_LEG } from '@/phone/leg'
import { deedsOf } from '@/phone/possible'
import { isTalk } from '@/phone/rejoin'
import { PressGuard } from '@/phone/throttle'
import type { AgentView, DeskCall } from '@/types/desk'
import type { Dialling, Target } from '@/types/phone'
import { useDesk } from './desk'
import { usePhoneLine } from './phoneLine'
import { useSession } from './session'

/** Words of a ring that was not taken; ours, never "error". */
export type Missed = 'no_answer' | 'caller_gone' | 'microphone' | 'network'

const MISSED: Record<string, Missed> = {
  no_answer: 'no_answer',
  caller_gone: 'caller_gone',
  unreachable: 'network',
  failed: 'network',
}

/** An offer that is not answered yet is no call of ours. */
const waits = (call: DeskCall): boolean => call.direction === 'in' && call.answered_at === null

export const usePhone = defineStore('phone', () => {
  const desk = useDesk()
  const session = useSession()
  const line = usePhoneLine()
  const guard = new PressGuard()
  /** What the server refused last, worded by whoever asked for it… */
  const problem = shallowRef<unknown>(null)
  /** …which is the bar itself, unless a panel or a page asked. */
  const toldElsewhere = ref(false)
  const busy = ref(false)

  const call = computed<DeskCall | null>(() => desk.call)
  const agent = computed<AgentView | null>(() => desk.agent)
  const ringing = computed(() => line.leader && line.leg.state === 'ringing')
  const talking = computed(() => isTalk(desk.call))
  /** This browser carries the sound of the call. */
  const here = computed(() => isLive(line.leg.state))
  /** A call is going on, wherever its sound is: a desk phone's too. */
  const onPhone = computed(() => here.value || (desk.call !== null && !desk.call.wrap && !waits(desk.call)))
  const can = computed(() =>
    deedsOf({
      ringing: ringing.value,
      onPhone: onPhone.value,
      here: here.value,
      talking: talking.value,
      call: desk.call,
      agent: desk.agent,
    }),
  )
  const missed = computed<Missed | null>(() => {
    if (line.leg.end === 'microphone') return 'microphone'
    return desk.missed ? (MISSED[desk.missed.result] ?? null) : null
  })

  // What was refused in one state of the call means nothing in the next.
  watch([() => desk.call?.contact_id, () => desk.agent?.state], () => (problem.value = null))

  /** Do something; a refusal is kept for the bar and told to the caller as `false`. */
  async function attempt(action: () => Promise<unknown>, elsewhere = false): Promise<boolean> {
    problem.value = null
    toldElsewhere.value = elsewhere
    busy.value = true
    try {
      await action()
      return true
    } catch (error) {
      problem.value = error
      return false
    } finally {
      busy.value = false
    }
  }

  const withCall = (
    action: (id: string) => Promise<unknown>,
    elsewhere = false,
  ): Promise<boolean> => {
    const id = desk.call?.contact_id
    return id ? attempt(() => action(id), elsewhere) : Promise.resolve(false)
  }
  const verb = (name: api.CallVerb) => (): Promise<boolean> => withCall((id) => api.act(id, name))

  const setState = (state: string, reason?: string): Promise<boolean> =>
    attempt(async () => {
      const login = session.user?.login ?? ''
      desk.agent = (await setAgentState(login, state, reason)) as AgentView
    })

  function answer(): void {
    if (!ringing.value || !guard.allows()) return
    void line.answer()
  }

  function decline(): void {
    if (ringing.value && guard.allows()) line.decline()
  }

  /** The platform ends the call; when it cannot be reached, the leg's own end tells it. */
  async function hangUp(): Promise<boolean> {
    if (!guard.allows()) return false
    if (!desk.call) return line.hangUp(), true
    const done = await verb('hang-up')()
    if (!done && problem.value instanceof ApiError && problem.value.status === 0) line.hangUp()
    return done
  }

  /** Mute on, off or over; only the sound of this browser is meant. */
  function mute(on = !line.muted): void {
    if (isLive(line.leg.state)) line.mute(on)
  }

  /** `elsewhere`: whoever asks tells a refusal; otherwise the bar does. */
  const dial = (whom: Dialling, elsewhere = true): Promise<boolean> =>
    attempt(() => api.dial(whom), elsewhere)
  const transfer = (to: Target, note = ''): Promise<boolean> =>
    withCall((id) => api.transfer(id, to, note), true)
  const consult = (to: Target, note = ''): Promise<boolean> =>
    withCall((id) => api.consult(id, to, note), true)

  return {
    call,
    agent,
    ringing,
    talking,
    here,
    onPhone,
    can,
    missed,
    problem,
    toldElsewhere,
    busy,
    leader: computed(() => line.leader),
    registered: computed(() => line.registered),
    muted: computed(() => line.muted),
    leg: computed(() => line.leg),
    setState,
    answer,
    decline,
    hangUp,
    mute,
    dial,
    transfer,
    consult,
    hold: verb('hold'),
    resume: verb('resume'),
    leave: verb('leave'),
    completeConsult: verb('consult/complete'),
    cancelConsult: verb('consult/cancel'),
    swapConsult: verb('consult/swap'),
    conference: verb('consult/conference'),
    level: (whose: 'mine' | 'theirs') => line.level(whose),
    digit: (tone: string) => line.digit(tone),
    takeOver: () => line.takeOver(),
    dismissMissed: () => {
      desk.missed = null
      line.leg = isLive(line.leg.state) ? line.leg : NO_LEG
    },
  }
})
