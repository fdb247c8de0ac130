/** One simulation on the page: started here or opened from the list, looked at until it is over. */
import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue'
import * as api from '@/api/routing'
import type { Simulation, Wish } from '@/api/routing'
import { useResource } from '@/lib/resource'

const LOOK_MS = 700

const isOver = (one: Simulation): boolean => !['requested', 'running'].includes(one.state)

/** `id` = the one that the address names; `opened` is told which one it should name. */
export function useSimulation(id: () => string, opened: (id: string) => void) {
  const one = useResource<Simulation | null>((signal) =>
    id() ? api.readSimulation(id(), signal) : Promise.resolve(null),
  )
  const list = useResource(api.listSimulations)
  const busy = ref(false)
  const refused = shallowRef<unknown>(null)
  const shown = computed(() => (one.data.value?.id === id() ? one.data.value : null))
  const running = computed(() => shown.value !== null && !isOver(shown.value))
  let timer: ReturnType<typeof setTimeout> | undefined

  async function look(): Promise<void> {
    clearTimeout(timer)
    const before = shown.value
    await one.reload()
    if (running.value) timer = setTimeout(() => void look(), LOOK_MS)
    else if (before && !isOver(before)) void list.reload()
  }

  async function act(what: () => Promise<{ id: string }>): Promise<void> {
    if (busy.value) return
    busy.value = true
    refused.value = null
    try {
      const made = await what()
      opened(made.id)
      await Promise.all([list.reload(), look()])
    } catch (failure) {
      refused.value = failure
    } finally {
      busy.value = false
    }
  }

  const start = (wish: Wish): Promise<void> => act(() => api.startSimulation(wish))
  const cancel = (): Promise<void> => act(() => api.cancelSimulation(id()))

  watch(id, () => void look(), { immediate: true })
  void list.reload()
  onScopeDispose(() => clearTimeout(timer))
  return { one, list, shown, running, busy, refused, start, cancel, look }
}
