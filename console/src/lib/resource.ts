/** One loaded thing with its honest states: loading, failed, stale (shown, but not refreshed), ready. */
import { computed, onScopeDispose, ref, shallowRef, type ComputedRef, type ShallowRef } from 'vue'
import { ApiError } from '@/api/client'

export type LoadState = 'loading' | 'failed' | 'stale' | 'ready'

export interface Resource<T> {
  data: ShallowRef<T | null>
  error: ShallowRef<ApiError | null>
  state: ComputedRef<LoadState>
  busy: ComputedRef<boolean>
  loadedAt: ShallowRef<number | null>
  reload: () => Promise<void>
}

const asApiError = (error: unknown): ApiError =>
  error instanceof ApiError ? error : new ApiError('console_fault', 0, { detail: String(error) })

const aborted = (error: unknown): boolean =>
  error instanceof DOMException && error.name === 'AbortError'

/** Load with `load`; a newer call aborts the older one, and leaving the page aborts both. */
export function useResource<T>(load: (signal: AbortSignal) => Promise<T>): Resource<T> {
  const data = shallowRef<T | null>(null)
  const error = shallowRef<ApiError | null>(null)
  const loadedAt = shallowRef<number | null>(null)
  const running = ref(0)
  let current: AbortController | null = null

  async function reload(): Promise<void> {
    current?.abort()
    const mine = new AbortController()
    current = mine
    running.value += 1
    try {
      data.value = await load(mine.signal)
      loadedAt.value = Date.now()
      error.value = null
    } catch (reason) {
      if (!aborted(reason)) error.value = asApiError(reason)
    } finally {
      running.value -= 1
    }
  }

  const state = computed<LoadState>(() => {
    if (error.value) return data.value === null ? 'failed' : 'stale'
    return data.value === null ? 'loading' : 'ready'
  })
  onScopeDispose(() => current?.abort())
  return { data, error, state, busy: computed(() => running.value > 0), loadedAt, reload }
}
