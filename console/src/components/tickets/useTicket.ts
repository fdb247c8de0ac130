/** One opened ticket: edited, commented, solved; a colleague's change in between is told, not lost. */
import { computed, ref, shallowRef } from 'vue'
import { ApiError } from '@/api/client'
import * as api from '@/api/tickets'
import { useKept } from '@/lib/kept'
import { useResource } from '@/lib/resource'
import { clashes, patchOf, realEdits, valueOf, type Clash, type Edits, type Field } from '@/lib/ticketDraft'

export function useTicket(no: string, changed: () => void) {
  const ticket = useResource((signal) => api.readTicket(no, signal))
  const { value: edits, drop } = useKept<Edits>(`ticket ${no}`, () => ({}))
  const comment = useKept(`comment ${no}`, () => '')
  const busy = ref(false)
  const refused = shallowRef<unknown>(null)
  const clash = shallowRef<Clash[] | null>(null)
  const done = ref('')

  const real = computed(() => (ticket.data.value ? realEdits(ticket.data.value, edits.value) : {}))
  const dirty = computed(() => Object.keys(real.value).length > 0)

  const valueIn = (field: Field): string =>
    edits.value[field] ?? (ticket.data.value ? valueOf(ticket.data.value, field) : '')
  const edit = (field: Field, value: string): void => {
    edits.value = { ...edits.value, [field]: value }
  }

  /** One request at a time; afterwards the ticket and its list are read anew. */
  async function doing(what: string, act: () => Promise<unknown>): Promise<void> {
    if (busy.value) return
    busy.value = true
    refused.value = null
    done.value = ''
    try {
      await act()
      done.value = what
    } catch (failure) {
      await follow(failure)
    } finally {
      busy.value = false
    }
    await ticket.reload()
    changed()
  }

  /** A 409 is answered by looking: either somebody was faster, or it cannot be done at all. */
  async function follow(failure: unknown): Promise<void> {
    const before = ticket.data.value
    if (failure instanceof ApiError && failure.status === 409 && before) {
      await ticket.reload()
      const now = ticket.data.value
      if (now && now.version !== before.version) {
        clash.value = clashes(before, now, edits.value)
        return
      }
    }
    refused.value = failure
  }

  const save = (): Promise<void> =>
    doing('saved', async () => {
      const version = ticket.data.value?.version ?? 0
      await api.changeTicket(no, version, patchOf(real.value))
      forget()
    })

  function forget(): void {
    drop()
    clash.value = null
  }

  const say = (): Promise<void> =>
    doing('commented', async () => {
      await api.addComment(no, comment.value.value.trim())
      comment.drop()
    })

  /** Solve or open again; what was typed as a comment goes with it. */
  const move = (step: 'solve' | 'reopen'): Promise<void> =>
    doing(step === 'solve' ? 'solved' : 'reopened', async () => {
      const text = comment.value.value.trim() || undefined
      await (step === 'solve' ? api.solveTicket(no, text) : api.reopenTicket(no, text))
      comment.drop()
    })

  void ticket.reload()
  return { ticket, comment: comment.value, busy, refused, clash, done, dirty, real, valueIn, edit, save, forget, say, move }
}

export type OpenTicket = ReturnType<typeof useTicket>
