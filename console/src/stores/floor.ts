/** Agents and queues as they are now: the boards', the filters' and the top bar's. */
import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import { ApiError } from '@/api/client'
import * as api from '@/api/operations'
import type { Agent, Queue } from '@/api/types'
import { OWN_STATE, READ_AGENTS } from '@/permissions'
import { useDesk } from './desk'
import { useLive } from './live'
import { useSession } from './session'

export const useFloor = defineStore('floor', () => {
  const agents = shallowRef<Agent[] | null>(null)
  const queues = shallowRef<Queue[] | null>(null)
  const queuesAt = shallowRef(0)
  const session = useSession()
  const live = useLive()
  const desk = useDesk()
  let leave: (() => void) | null = null

  /** One's own state comes from one's own desk: who only works hears of nobody else. */
  const me = computed(() => desk.agent)
  const waiting = computed(() => (queues.value ?? []).reduce((sum, one) => sum + one.waiting, 0))

  /** A queue's longest wait grows between two messages as long as somebody waits. */
  function waitOf(queue: Queue): number {
    if (queue.waiting === 0) return 0
    return (queue.longest_wait_s ?? 0) + Math.max(0, (live.now - queuesAt.value) / 1000)
  }
  const longestWait = computed(() => Math.max(0, ...(queues.value ?? []).map(waitOf)))

  function setQueues(data: unknown): void {
    queues.value = data as Queue[]
    queuesAt.value = live.now
  }

  function start(): void {
    stop()
    leave = live.subscribe('queues', { snapshot: setQueues, change: setQueues })
    if (session.can(OWN_STATE) && session.user) desk.start(session.user.login)
  }

  function stop(): void {
    leave?.()
    leave = null
    desk.stop()
  }

  /** The whole floor, for pages that show everybody, as long as they are open. */
  function followAgents(): void {
    const reader = (data: unknown): void => void (agents.value = data as Agent[])
    live.follow('agents', { snapshot: reader, change: reader })
  }

  /** Everybody's names, once, for pages that only name people; until then logins are shown. */
  async function knowAgents(): Promise<void> {
    if (agents.value !== null || !session.can(READ_AGENTS)) return
    try {
      agents.value = await api.listAgents()
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
    }
  }

  return { agents, queues, me, waiting, longestWait, waitOf, start, stop, followAgents, knowAgents }
})
