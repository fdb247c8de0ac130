/** Agents and queues as they are now, shared by the top bar, the boards and the filters. */
import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import * as api from '@/api/operations'
import type { Agent, Queue } from '@/api/types'
import { useLive } from './live'
import { useSession } from './session'

/** Replace the item with the same key, or add it; a new array, so that readers notice. */
export function upsert<T, K extends keyof T>(list: T[], key: K, item: T): T[] {
  const at = list.findIndex((one) => one[key] === item[key])
  if (at < 0) return [...list, item]
  return list.map((one, index) => (index === at ? { ...one, ...item } : one))
}

const listOf = <T>(data: unknown): T[] =>
  Array.isArray(data) ? (data as T[]) : ((data as { items?: T[] }).items ?? [])

export const useFloor = defineStore('floor', () => {
  const agents = shallowRef<Agent[] | null>(null)
  const queues = shallowRef<Queue[] | null>(null)
  const session = useSession()
  let leave: (() => void)[] = []

  const me = computed(
    () => agents.value?.find((agent) => agent.login === session.user?.login) ?? null,
  )
  const waiting = computed(() => (queues.value ?? []).reduce((sum, one) => sum + one.waiting, 0))
  const longestWait = computed(() =>
    Math.max(0, ...(queues.value ?? []).map((one) => one.longest_wait_s ?? 0)),
  )

  function start(): void {
    stop()
    const live = useLive()
    leave = [
      live.subscribe('agents', {
        snapshot: (data) => (agents.value = listOf<Agent>(data)),
        change: (data) => (agents.value = upsert(agents.value ?? [], 'login', data as Agent)),
      }),
      live.subscribe('queues', {
        snapshot: (data) => (queues.value = listOf<Queue>(data)),
        change: (data) => (queues.value = upsert(queues.value ?? [], 'key', data as Queue)),
      }),
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

  return { agents, queues, me, waiting, longestWait, start, stop, setState }
})
