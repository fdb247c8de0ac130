/** Using a reply in a call: filled from the card, sent once, played and stopped. */
import { computed, onScopeDispose, reactive, ref, shallowRef, watch } from 'vue'
import * as api from '@/api/scripts'
import type { Filled, Values } from '@/api/scripts'
import type { Reply } from '@/lib/replies'
import { useResource } from '@/lib/resource'
import { useLive } from '@/stores/live'
import type { Playing } from '@/types/desk'

export interface UseOf {
  contact: () => string | null
  chosen: () => Reply | null
  playing: () => Playing | null
}

export type Told = { kind: 'sent' | 'copied'; no: string } | { kind: 'failed'; error: unknown }

const given = (typed: Values): Values =>
  Object.fromEntries(Object.entries(typed).filter(([, text]) => text.trim() !== ''))

/** The chosen reply as this caller would get it, and the fields that are on no card. */
function useFilled({ contact, chosen }: UseOf) {
  const known = reactive(new Map<string, Filled>())
  const typed = ref<Values>({})
  const baseKey = (): string => `${contact() ?? ''} ${chosen()?.id ?? ''}`
  const fullKey = (): string => `${baseKey()} ${JSON.stringify(given(typed.value))}`
  let asking: Promise<void> = Promise.resolve()

  const answer = useResource(async (signal) => {
    const [call, reply, key] = [contact(), chosen(), fullKey()]
    if (call && reply && !known.has(key)) {
      known.set(key, await api.fillScript(call, reply.id, given(typed.value), signal))
    }
    return key
  })
  watch(baseKey, () => (typed.value = {}), { flush: 'sync' })
  watch(fullKey, () => (asking = answer.reload()), { immediate: true, flush: 'sync' })

  const empty = computed(() => known.get(`${baseKey()} {}`) ?? null)
  const filled = computed(() => known.get(fullKey()) ?? empty.value)
  const fields = computed(() => empty.value?.missing ?? [])
  const gaps = computed(() => fields.value.filter((name) => !typed.value[name]?.trim()))
  return { typed, filled, fields, gaps, error: answer.error, ready: () => asking }
}

/** What sounds in the call now, told by the server or begun here. */
function usePlaying({ contact, playing }: UseOf) {
  const live = useLive()
  const now = shallowRef<Playing | null>(playing())
  let end: ReturnType<typeof setTimeout> | undefined

  watch(playing, (told) => (now.value = told))
  watch(contact, () => (now.value = playing()))
  watch(
    now,
    (sounding) => {
      clearTimeout(end)
      if (!sounding) return
      const left = Date.parse(sounding.started_at) + sounding.seconds * 1000 - live.now
      end = setTimeout(() => (now.value = null), Math.max(0, left))
    },
    { immediate: true },
  )
  onScopeDispose(() => clearTimeout(end))
  const begin = ({ id: script_id, no, title }: Reply, seconds: number): void => {
    now.value = { script_id, no, title, seconds, started_at: new Date(live.now).toISOString() }
  }
  return { now, begin }
}

export function useReplyUse(of: UseOf) {
  const busy = ref(false)
  const told = shallowRef<Told | null>(null)
  const filling = useFilled(of)
  const { typed, filled, fields, gaps, error } = filling
  const { now: playing, begin } = usePlaying(of)
  let key = ''

  // A new choice or another word may be sent again; the same one, pressed twice, may not.
  watch([of.contact, () => of.chosen()?.id, typed], () => {
    key = ''
    told.value = null
  })

  /** Do it once, with what the card says; a gap in the text stops it. */
  async function using(act: (contact: string, reply: Reply) => Promise<void>): Promise<void> {
    const [contact, reply] = [of.contact(), of.chosen()]
    if (!contact || !reply) return
    told.value = null
    try {
      await filling.ready()
      if (error.value) throw error.value
      if (gaps.value.length === 0) await act(contact, reply)
    } catch (failure) {
      told.value = { kind: 'failed', error: failure }
    }
  }

  async function once(act: () => Promise<void>): Promise<void> {
    if (busy.value) return
    busy.value = true
    try {
      await act()
    } finally {
      busy.value = false
    }
  }

  const send = (): Promise<void> =>
    using(async (contact, reply) => {
      key ||= crypto.randomUUID()
      await api.sendScript(contact, reply.id, key, given(typed.value))
      told.value = { kind: 'sent', no: reply.no }
    })

  const play = (): Promise<void> =>
    using(async (contact, reply) => {
      begin(reply, (await api.playScript(contact, reply.id, given(typed.value))).seconds)
    })

  async function stop(): Promise<void> {
    const contact = of.contact()
    if (!contact || !playing.value) return
    try {
      await api.stopScript(contact)
      playing.value = null
    } catch (failure) {
      told.value = { kind: 'failed', error: failure }
    }
  }

  async function copy(): Promise<void> {
    const reply = of.chosen()
    if (!reply) return
    try {
      await navigator.clipboard.writeText(filled.value?.text ?? reply.text)
      told.value = { kind: 'copied', no: reply.no }
    } catch (failure) {
      told.value = { kind: 'failed', error: failure }
    }
  }

  return { busy, told, typed, filled, fields, gaps, playing, once, send, play, stop, copy }
}
