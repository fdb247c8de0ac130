/** The desk as the server tells it: one's own state, the one call, today's figures. */
import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import type { AgentView, DeskCall, DeskEvent, DeskView, Today } from '@/types/desk'
import { applyEvent } from '@/lib/deskEvents'
import { useLive } from './live'

export const useDesk = defineStore('desk', () => {
  const agent = shallowRef<AgentView | null>(null)
  const call = shallowRef<DeskCall | null>(null)
  const today = shallowRef<Today | null>(null)
  /** How the last ring ended that was not answered, until the next one. */
  const missed = shallowRef<{ contact_id: string; result: string } | null>(null)
  const loaded = ref(false)
  const live = useLive()
  let leave: (() => void) | null = null

  function take(view: DeskView): void {
    agent.value = view.agent
    call.value = view.call
    today.value = view.today
    loaded.value = true
  }

  function change(event: DeskEvent): void {
    const next = applyEvent(
      { agent: agent.value, call: call.value, today: today.value, missed: missed.value },
      event,
    )
    agent.value = next.agent
    call.value = next.call
    today.value = next.today
    missed.value = next.missed
  }

  function start(login: string): void {
    stop()
    leave = live.subscribe(`desk:${login}`, {
      snapshot: (data) => take(data as DeskView),
      change: (data) => change(data as DeskEvent),
    })
  }

  function stop(): void {
    leave?.()
    leave = null
    loaded.value = false
    agent.value = null
    call.value = null
    today.value = null
    missed.value = null
  }

  return { agent, call, today, missed, loaded, start, stop }
})
