/** Agents and queues as they are now, shared by the top bar, the boards and the filters. */
import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import * as api from '@/api/operations'
import type { Agent, Queue } from '@/api/types'
import { useLive } from './live'
import { useSession } from './session'

export const useFloor = defineStore('floor', () => {
  const agents = shallowRef<Agent[] | null>(null)
  const queues = shallowRef<Queue[] | null>(null)
  const queuesAt = shallowRef(0)
  const session = useSession()
  const live = useLive()
  let leave: (() => void)[] = []

  const me = computed(
    () => agents.value?.find((agent) => agent.login === session.user?.login) ?? null,
  )
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
    const agentsReader = (data: unknown): void => void (agents.value = data as Agent[])
    leave = [
      live.subscribe('agents', { snapshot: agentsReader, change: agentsReader }),
      live.subscribe('queues', { snapshot: setQueues, change: setQueues }),
    ]
  }

  function stop(): void {
    for (const end of leave) end()
    leave = []
  }

  /** Ask for a state; the server decides, and its answer comes over the live socket too. */
  async function setState(login: string, state: string, reason?: string): Promise<void> {
    await api.setAgentState(login, state, reason)
    agents.value = await api.listAgents()
  }

  return { agents, queues, me, waiting, longestWait, waitOf, start, stop, setState }
})
