/** The picker's list: the newest search wins, the old rows stay until it has answered. */
import { computed, ref, shallowRef, watch } from 'vue'
import { listScripts } from '@/api/scripts'
import { chosenOf, ranked, stepped } from '@/lib/replies'
import { useResource } from '@/lib/resource'
import type { Language } from '@/api/types'
import type { Suggestion } from '@/types/desk'

const SHOWN = 20

export function useReplyList(suggestions: () => Suggestion[], language: () => Language) {
  const query = ref('')
  const chosenId = ref<string | null>(null)
  // Suggestions change as people talk: not while a hand is on the list.
  const offered = shallowRef<Suggestion[]>(suggestions())
  const held = ref(false)
  /** Chosen by a person: then it stays chosen, otherwise the first row always is. */
  let byHand = false
  const shownQuery = ref('')
  let latest: Promise<void> = Promise.resolve()

  const scripts = useResource(async (signal) => {
    const asked = query.value.trim()
    const page = await listScripts({ q: asked, limit: SHOWN, prefer: language() }, signal)
    shownQuery.value = asked
    return page.items
  })

  const rows = computed(() => ranked(shownQuery.value, scripts.data.value ?? [], offered.value))
  const chosen = computed(() => rows.value.find((row) => row.id === chosenId.value) ?? null)

  function search(): Promise<void> {
    latest = scripts.reload()
    return latest
  }

  /** Resolves when the list shows what was typed last. */
  async function settled(): Promise<void> {
    let seen
    do {
      seen = latest
      await seen
    } while (seen !== latest)
  }

  function choose(id: string | null): void {
    byHand = true
    chosenId.value = id
  }

  const step = (by: 1 | -1): void => choose(stepped(rows.value, chosenId.value, by))

  /** Nothing of the last call is chosen in the next. */
  function forget(): void {
    byHand = false
    chosenId.value = chosenOf(rows.value, null)
  }

  watch(query, () => {
    byHand = false
    chosenId.value = null
    void search()
  })
  watch(language, () => void search())
  watch([suggestions, held], ([next, isHeld]) => {
    if (!isHeld) offered.value = next
  })
  watch(rows, (next) => (chosenId.value = chosenOf(next, byHand ? chosenId.value : null)), { flush: 'sync' })
  void search()
  return { query, rows, chosen, chosenId, held, scripts, settled, step, choose, forget }
}
