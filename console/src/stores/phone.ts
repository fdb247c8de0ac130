/** The softphone for pages and bar: what the call is, and everything that can be done to it. */
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { setAgentState } from '@/api/operations'
import * as api from '@/api/phone'
import type { AgentView } from '@/types/desk'
import type { Dialling, Target } from '@/types/phone'
import { useDesk } from './desk'
import { useSession } from './session'

export const usePhone = defineStore('phone', () => {
  const desk = useDesk()
  const session = useSession()
  /** This tab has the phone; others show where it is. */
  const leader = ref(false)
  const registered = ref(false)
  const muted = ref(false)
  /** What the server refused last, worded by whoever shows it. */
  const problem = shallowRef<unknown>(null)

  const call = computed(() => desk.call)
  const agent = computed(() => desk.agent)

  /** Do something; a refusal is kept for the bar and told to the caller as `false`. */
  async function attempt(action: () => Promise<unknown>): Promise<boolean> {
    problem.value = null
    try {
      await action()
      return true
    } catch (error) {
      problem.value = error
      return false
    }
  }

  const withCall = (action: (id: string) => Promise<unknown>): Promise<boolean> => {
    const id = desk.call?.contact_id
    return id ? attempt(() => action(id)) : Promise.resolve(false)
  }

  const setState = (state: string, reason?: string): Promise<boolean> =>
    attempt(async () => {
      const login = session.user?.login ?? ''
      desk.agent = (await setAgentState(login, state, reason)) as AgentView
    })

  const answer = (): void => undefined
  const decline = (): void => undefined
  const mute = (on = !muted.value): void => void (muted.value = on)
  const hangUp = (): Promise<boolean> => withCall((id) => api.act(id, 'hang-up'))
  const hold = (): Promise<boolean> => withCall((id) => api.act(id, 'hold'))
  const resume = (): Promise<boolean> => withCall((id) => api.act(id, 'resume'))
  const leave = (): Promise<boolean> => withCall((id) => api.act(id, 'leave'))
  const dial = (whom: Dialling): Promise<boolean> => attempt(() => api.dial(whom))
  const transfer = (to: Target, note = ''): Promise<boolean> =>
    withCall((id) => api.transfer(id, to, note))
  const consult = (to: Target, note = ''): Promise<boolean> =>
    withCall((id) => api.consult(id, to, note))
  const completeConsult = (): Promise<boolean> => withCall((id) => api.act(id, 'consult/complete'))
  const cancelConsult = (): Promise<boolean> => withCall((id) => api.act(id, 'consult/cancel'))
  const swapConsult = (): Promise<boolean> => withCall((id) => api.act(id, 'consult/swap'))
  const conference = (): Promise<boolean> => withCall((id) => api.act(id, 'consult/conference'))

  return {
    call,
    agent,
    leader,
    registered,
    muted,
    problem,
    setState,
    answer,
    decline,
    mute,
    hangUp,
    hold,
    resume,
    leave,
    dial,
    transfer,
    consult,
    completeConsult,
    cancelConsult,
    swapConsult,
    conference,
  }
})
