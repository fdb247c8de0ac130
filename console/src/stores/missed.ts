/** How many missed callers nobody has called back yet: the figure in the rail. */
import { defineStore } from 'pinia'
import { ref, watch } from 'vue'
import { ApiError } from '@/api/client'
import { listMissed } from '@/api/missed'
import type { Contact } from '@/api/types'
import * as may from '@/permissions'
import { useLive } from './live'
import { useSession } from './session'

const PAUSE_MS = 800

export const useMissed = defineStore('missed', () => {
  const session = useSession()
  const live = useLive()
  const open = ref(0)
  let timer: ReturnType<typeof setTimeout> | undefined
  let leave: (() => void) | null = null

  async function count(): Promise<void> {
    try {
      open.value = (await listMissed({ limit: 1 })).open
    } catch (error) {
      // The page itself tells what is wrong; the figure stays as it was.
      if (!(error instanceof ApiError)) throw error
    }
  }

  /** A call that ended without a talk may be a missed one. */
  function ended(data: unknown): void {
    const contact = data as Contact
    if (!contact.ended_at || contact.talk_s) return
    clearTimeout(timer)
    timer = setTimeout(() => void count(), PAUSE_MS)
  }

  watch(
    () => session.user,
    (user) => {
      leave?.()
      leave = null
      if (!user || !session.can(may.READ_CALLS)) return
      leave = live.subscribe('contacts', { snapshot: () => void count(), change: ended })
    },
    { immediate: true },
  )

  return { open, count }
})
