/** A masked value shown on request: audited by the server, hidden again after ten seconds. */
import { computed, onScopeDispose, ref, shallowRef } from 'vue'
import { reveal, type RevealTarget } from '@/api/contacts'

export const SHOWN_SECONDS = 10

export const useReveal = (contact: () => string, target: () => RevealTarget) =>
  useRevealed((reason) => reveal(contact(), target(), reason))

/** The same for anything that `ask` can show for a reason. */
export function useRevealed(ask: (reason: string) => Promise<{ value: string }>) {
  const value = shallowRef<string | null>(null)
  const left = ref(0)
  const busy = ref(false)
  const refused = shallowRef<unknown>(null)
  let timer: ReturnType<typeof setInterval> | undefined

  function hide(): void {
    clearInterval(timer)
    value.value = null
    left.value = 0
  }

  async function show(reason: string): Promise<boolean> {
    busy.value = true
    refused.value = null
    try {
      value.value = (await ask(reason)).value
    } catch (error) {
      refused.value = error
      return false
    } finally {
      busy.value = false
    }
    left.value = SHOWN_SECONDS
    clearInterval(timer)
    timer = setInterval(() => {
      left.value -= 1
      if (left.value <= 0) hide()
    }, 1000)
    return true
  }

  onScopeDispose(hide)
  return { value, left, busy, refused, show, hide, shown: computed(() => value.value !== null) }
}

export type Revealed = ReturnType<typeof useRevealed>
