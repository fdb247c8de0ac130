/** The live connection of this tab, and the server's clock as seen through it. */
import { defineStore } from 'pinia'
import { onScopeDispose, ref, shallowRef } from 'vue'
import { LiveSocket, type LiveState, type TopicReader } from '@/api/live'
import { useSession } from './session'

const liveAddress = (): string =>
  `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/live`

export const useLive = defineStore('live', () => {
  const state = ref<LiveState>('closed')
  const retryAt = shallowRef<number | null>(null)
  const now = ref(Date.now())
  let ahead = 0

  const socket = new LiveSocket(liveAddress, {
    state: (next, at) => {
      state.value = next
      retryAt.value = at
    },
    signedOut: () => useSession().forget(),
  })

  /** Timers count by the server's clock: this browser's may be minutes off. */
  function learnClock(asOf: string): void {
    const server = Date.parse(asOf)
    if (!Number.isNaN(server)) ahead = server - Date.now()
    now.value = Date.now() + ahead
  }

  setInterval(() => (now.value = Date.now() + ahead), 1000)

  function subscribe(topic: string, reader: TopicReader): () => void {
    return socket.subscribe(topic, {
      snapshot: (data, asOf) => {
        learnClock(asOf)
        reader.snapshot(data, asOf)
      },
      change: reader.change,
    })
  }

  /** Subscribe for as long as the calling component lives. */
  function follow(topic: string, reader: TopicReader): void {
    onScopeDispose(subscribe(topic, reader))
  }

  return {
    state,
    retryAt,
    now,
    subscribe,
    follow,
    learnClock,
    open: () => socket.open(),
    close: () => socket.close(),
    retryNow: () => socket.retryNow(),
  }
})
