/** Half-typed text outlives its page: closing a drawer or a new sign-in does not lose it. */
import { customRef, type Ref } from 'vue'
import { useSession } from '@/stores/session'

const texts = new Map<string, unknown>()

/** A ref whose value is there again when the same person opens the same thing. */
export function useKept<T>(name: string, empty: () => T): { value: Ref<T>; drop: () => void } {
  const key = `${useSession().user?.login ?? ''} ${name}`
  const value = customRef<T>((track, trigger) => ({
    get() {
      track()
      return texts.has(key) ? (texts.get(key) as T) : empty()
    },
    set(next) {
      texts.set(key, next)
      trigger()
    },
  }))
  const drop = (): void => {
    texts.delete(key)
    value.value = empty()
    texts.delete(key)
  }
  return { value, drop }
}
