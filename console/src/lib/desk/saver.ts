/** Saves a value a moment after the last change; what is not saved yet is kept in the tab. */
import { onScopeDispose, ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import type { Keep } from './keep'

export type SaveState = 'saved' | 'waiting' | 'failed'

export const PAUSE_MS = 1000
const AGAIN_MS = 5000

export interface Saver<T> {
  state: Ref<SaveState>
  error: ShallowRef<unknown>
  /** A person changed it: keep it now, save it when they pause. */
  changed: (value: T) => void
  /** Save at once what is waiting. */
  flush: () => Promise<void>
  /** Save nothing more for now: what waits goes another way. Ends when a save under way has ended. */
  hold: () => Promise<void>
  /** It did not go the other way: save again. */
  release: () => void
  /** What was waiting is settled by other means. */
  drop: () => void
}

export function useSaver<T>(kept: Keep<T>, save: (value: T) => Promise<unknown>): Saver<T> {
  const state = ref<SaveState>('saved')
  const error = shallowRef<unknown>(null)
  let waiting: { value: T } | null = null
  let running: Promise<void> | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  let held = false

  function later(delay: number): void {
    clearTimeout(timer)
    timer = setTimeout(() => void flush(), delay)
  }

  async function send(mine: { value: T }): Promise<void> {
    try {
      await save(mine.value)
      error.value = null
      if (waiting !== mine) return
      waiting = null
      kept.forget()
      state.value = 'saved'
    } catch (reason) {
      error.value = reason
      state.value = 'failed'
      later(AGAIN_MS)
    }
  }

  async function flush(): Promise<void> {
    clearTimeout(timer)
    if (running) await running
    if (!waiting || held) return
    running = send(waiting)
    await running
    running = null
  }

  function changed(value: T): void {
    waiting = { value }
    kept.write(value)
    state.value = 'waiting'
    later(PAUSE_MS)
  }

  async function hold(): Promise<void> {
    held = true
    await running
  }

  function release(): void {
    held = false
    if (waiting) later(PAUSE_MS)
  }

  function drop(): void {
    clearTimeout(timer)
    waiting = null
    kept.forget()
    state.value = 'saved'
  }

  // Leaving the page saves at once; what cannot be saved stays kept for the next visit.
  onScopeDispose(() => {
    void flush().finally(() => clearTimeout(timer))
  })
  return { state, error, changed, flush, hold, release, drop }
}
