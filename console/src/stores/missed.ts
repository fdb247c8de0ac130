/** How many missed callers nobody has called back yet: the figure in the rail. */
import { defineStore } from 'pinia'
import { ref, watch } from 'vue'
import * as may from '@/permissions'
import { useLive } from './live'
import { useSession } from './session'

export const useMissed = defineStore('missed', () => {
  const session = useSession()
  const live = useLive()
  const open = ref(0)
  /** Grows with every change: lists that show missed callers follow it. */
  const changes = ref(0)
  let leave: (() => void) | null = null

  function told(data: unknown): void {
    open.value = (data as { open: number }).open
    changes.value += 1
  }

  watch(
    () => session.user,
    (user) => {
      leave?.()
      leave = null
      if (user && session.can(may.READ_CALLS)) leave = live.subscribe('missed', { snapshot: told, change: told })
    },
    { immediate: true },
  )

  return { open, changes }
})
