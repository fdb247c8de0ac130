/** A list in pages: the first one as a resource, older ones appended on request. */
import { ref, shallowRef } from 'vue'
import { useResource } from './resource'

export interface Page<T, Mark> {
  items: T[]
  next?: Mark | null
}

/** `load` gets the mark of the next page; a reload begins again and drops what was asked before. */
export function usePaged<T, Mark, P extends Page<T, Mark>>(
  load: (before: Mark | undefined, signal?: AbortSignal) => Promise<P>,
) {
  const items = shallowRef<T[]>([])
  const next = shallowRef<Mark | null>(null)
  const loadingMore = ref(false)
  let round = 0

  const first = useResource(async (signal) => {
    round += 1
    const page = await load(undefined, signal)
    items.value = page.items
    next.value = page.next ?? null
    return page
  })

  async function more(): Promise<void> {
    if (next.value === null || loadingMore.value) return
    loadingMore.value = true
    const mine = round
    try {
      const page = await load(next.value)
      if (mine !== round) return
      items.value = [...items.value, ...page.items]
      next.value = page.next ?? null
    } finally {
      loadingMore.value = false
    }
  }

  return { items, next, first, more, loadingMore }
}
