/** What an agent decides about one call: the ticket's fields, the result, the summary; and its submission. */
import { computed, reactive, ref, shallowRef } from 'vue'
import * as api from '@/api/desk'
import type { DeskCall } from '@/types/desk'
import type { FinishedTicket } from '@/types/deskWork'
import { shownDraft, unsaved, type DraftEdits, type DraftField, type DraftValues } from './draft'
import { keep } from './keep'
import { useSaver } from './saver'

interface Kept {
  edits: DraftEdits
  disposition: string | null
  summary: string | null
  wanted: boolean
}

/** Null: not said by a person here; the server's own value is shown. */
const EMPTY: Kept = { edits: {}, disposition: null, summary: null, wanted: true }

/** `call` is always the same contact's; a component of its own scope makes one form for each. */
export function useCallForm(contact: string, login: string, call: () => DeskCall) {
  const kept = keep<Kept>('wrap', login, contact)
  const mine = reactive<Kept>({ ...EMPTY, ...structuredClone(kept.read() ?? EMPTY) })
  const busy = ref(false)
  const done = ref(false)
  const problem = shallowRef<unknown>(null)
  /** A person tried to submit without saying how it ended. */
  const asked = ref(false)

  const values = computed(() => shownDraft(call().draft, mine.edits))
  const disposition = computed(() => mine.disposition ?? call().wrap?.disposition ?? '')
  const summary = computed(() => mine.summary ?? call().wrap?.summary ?? '')
  const automatic = computed(() => mine.summary === null && summary.value !== '')

  async function save(): Promise<void> {
    const edits = unsaved(call().draft, mine.edits)
    if (Object.keys(edits).length > 0) await api.saveDraft(contact, edits)
    if (!call().wrap || (mine.disposition === null && mine.summary === null)) return
    await api.saveWrap(contact, {
      ...(mine.disposition === null ? {} : { disposition: mine.disposition }),
      ...(mine.summary === null ? {} : { summary: mine.summary }),
    })
  }

  const saver = useSaver<Kept>(kept, save)
  const changed = (): void => {
    if (!done.value) saver.changed({ ...mine, edits: { ...mine.edits } })
  }

  function edit(field: DraftField, value: string): void {
    mine.edits[field] = value
    changed()
  }

  function want(ticket: boolean): void {
    mine.wanted = ticket
    changed()
  }

  function choose(key: string): void {
    mine.disposition = key
    asked.value = false
    changed()
  }

  function summarise(text: string): void {
    mine.summary = text
    changed()
  }

  /** Exactly once, however often it is pressed: the contact itself is the key of its submission. */
  async function submit(): Promise<boolean> {
    if (busy.value || done.value) return false
    asked.value = disposition.value === ''
    if (asked.value) return false
    busy.value = true
    problem.value = null
    try {
      await saver.hold()
      await api.finish(contact, {
        disposition: disposition.value,
        summary: summary.value,
        ticket: mine.wanted ? ticketOf(values.value) : null,
        ready: true,
        key: contact,
      })
      done.value = true
      saver.drop()
      return true
    } catch (error) {
      saver.release()
      problem.value = error
      return false
    } finally {
      busy.value = false
    }
  }

  return { mine, values, disposition, summary, automatic, saver, busy, done, problem, asked, edit, want, choose, summarise, submit }
}

/** What nobody could tell is not an empty word. */
function ticketOf(values: DraftValues): FinishedTicket {
  return {
    subject: values.subject,
    type: values.type || null,
    priority: values.priority || 'normal',
    department: values.department || null,
  }
}

export type CallForm = ReturnType<typeof useCallForm>
