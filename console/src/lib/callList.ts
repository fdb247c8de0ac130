/** The list of calls: pages from the server, kept up to date by the live socket. */
import { computed, onScopeDispose, ref, shallowRef, watch, type Ref } from 'vue'
import { listContacts } from '@/api/contacts'
import type { CallState, Contact, ContactFilter } from '@/api/types'
import { useLive } from '@/stores/live'
import { belongs } from './callFilter'
import { useResource } from './resource'

const PAGE = 50
const SEARCH_REFRESH_MS = 1500

const newestFirst = (a: Contact, b: Contact): number =>
  b.started_at.localeCompare(a.started_at) || b.id.localeCompare(a.id)

/** Put a changed call in its place; `complete` means that no older page is left to load. */
export function merge(list: Contact[], changed: Contact, fits: boolean, complete: boolean): Contact[] {
  const others = list.filter((one) => one.id !== changed.id)
  if (!fits) return others
  const last = others[others.length - 1]
  if (!complete && last && newestFirst(changed, last) > 0) return others
  return [...others, changed].sort(newestFirst)
}

export function useCallList(filter: Ref<ContactFilter>) {
  const live = useLive()
  const items = shallowRef<Contact[]>([])
  const next = shallowRef<string | null>(null)
  const loadingMore = ref(false)
  const ongoing = shallowRef(new Map<string, CallState>())
  let refresh: ReturnType<typeof setTimeout> | undefined

  const first = useResource(async (signal) => {
    const page = await listContacts({ ...filter.value, limit: PAGE }, signal)
    live.learnClock(page.as_of)
    items.value = page.items
    next.value = page.next
    return page
  })

  async function more(): Promise<void> {
    if (!next.value || loadingMore.value) return
    loadingMore.value = true
    const asked = filter.value
    try {
      const page = await listContacts({ ...asked, limit: PAGE, before: next.value })
      if (asked !== filter.value) return
      const known = new Set(items.value.map((one) => one.id))
      items.value = [...items.value, ...page.items.filter((one) => !known.has(one.id))]
      next.value = page.next
    } finally {
      loadingMore.value = false
    }
  }

  function count(changed: Contact): void {
    const states = new Map(ongoing.value)
    if (changed.state === 'ended') states.delete(changed.id)
    else states.set(changed.id, changed.state)
    ongoing.value = states
  }

  function change(changed: Contact): void {
    count(changed)
    const shown = items.value.some((one) => one.id === changed.id)
    const fits = belongs(changed, filter.value)
    if (fits !== null || shown) {
      items.value = merge(items.value, changed, fits ?? true, next.value === null)
      return
    }
    clearTimeout(refresh)
    refresh = setTimeout(() => void first.reload(), SEARCH_REFRESH_MS)
  }

  live.follow('contacts', {
    snapshot: (data) => {
      ongoing.value = new Map()
      for (const contact of data as Contact[]) change(contact)
    },
    change: (data) => change(data as Contact),
  })

  watch(filter, () => void first.reload(), { immediate: true })
  onScopeDispose(() => clearTimeout(refresh))

  const counts = computed(() => {
    const sums: Partial<Record<CallState, number>> = {}
    for (const state of ongoing.value.values()) sums[state] = (sums[state] ?? 0) + 1
    return sums
  })
  return { items, next, first, more, loadingMore, counts }
}
