/** One reply being written: its draft, its way to approval, its recording. */
import { computed, ref, shallowRef, watch } from 'vue'
import { ApiError } from '@/api/client'
import * as api from '@/api/scripts'
import type { Script, ScriptStep } from '@/api/scripts'
import { useKept } from '@/lib/kept'
import { useResource } from '@/lib/resource'
import { draftOf, emptyDraft, fieldsOf, isChanged, type ScriptDraft } from '@/lib/scriptDraft'

export const NEW = 'new'

export interface Start {
  group: string
  language: string
}

/** `saved` is told what the server made of it. */
export function useScript(id: string, start: Start, saved: (script: Script) => void) {
  const fresh = id === NEW
  const script = useResource<Script | null>((signal) =>
    fresh ? Promise.resolve(null) : api.readScript(id, signal),
  )
  const blank = (): ScriptDraft =>
    script.data.value ? draftOf(script.data.value) : emptyDraft(start.group, start.language)
  const { value: draft, drop } = useKept<ScriptDraft>(`script ${id}`, blank)
  const busy = ref(false)
  const refused = shallowRef<unknown>(null)
  const done = ref('')
  /** The text as a colleague saved it while this one was being written. */
  const theirs = shallowRef<Script | null>(null)

  const changed = computed(() =>
    script.data.value ? isChanged(draft.value, script.data.value) : draft.value.text.trim() !== '',
  )
  const edit = (part: Partial<ScriptDraft>): void => {
    draft.value = { ...draft.value, ...part }
  }
  // Fields read the server's words until the first letter is typed.
  watch(script.data, () => {
    if (!changed.value) drop()
  })

  async function doing(what: string, act: () => Promise<Script | null>): Promise<void> {
    if (busy.value) return
    busy.value = true
    refused.value = null
    done.value = ''
    try {
      const made = await act()
      done.value = what
      if (made) saved(made)
      if (!fresh) await script.reload()
    } catch (failure) {
      await follow(failure)
    } finally {
      busy.value = false
    }
  }

  async function follow(failure: unknown): Promise<void> {
    const before = script.data.value
    if (failure instanceof ApiError && failure.status === 409 && before) {
      const typed = draft.value
      await script.reload()
      if (script.data.value && script.data.value.version !== before.version) {
        draft.value = typed
        theirs.value = script.data.value
        return
      }
    }
    refused.value = failure
  }

  const save = (): Promise<void> =>
    doing('saved', async () => {
      const fields = fieldsOf(draft.value)
      const version = script.data.value?.version ?? 0
      const made = await (fresh ? api.createScript(fields) : api.changeScript(id, fields, version))
      forget()
      return made
    })

  function forget(): void {
    drop()
    theirs.value = null
  }

  const step = (name: ScriptStep): Promise<void> =>
    doing(name, () => api.stepScript(id, name, script.data.value?.version ?? 0))

  const setVoice = (file: File): Promise<void> =>
    doing('voice', async () => {
      await api.putVoice(id, file)
      return api.readScript(id)
    })

  const speakVoice = (): Promise<void> =>
    doing('voice', async () => {
      await api.renderVoice(id)
      return api.readScript(id)
    })

  const dropVoice = (): Promise<void> =>
    doing('noVoice', async () => {
      await api.deleteVoice(id)
      return api.readScript(id)
    })

  void script.reload()
  return { fresh, script, draft, busy, refused, done, theirs, changed, edit, save, forget, step, setVoice, speakVoice, dropVoice }
}

export type OpenScript = ReturnType<typeof useScript>
