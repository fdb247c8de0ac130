/** Whose notes are on the screen: the call's, and earlier ones still being typed or not yet saved. */
import { shallowRef } from 'vue'
import type { DeskCall } from '@/types/desk'
import { keptContacts } from './keep'

export interface NoteSlot {
  contact: string
  note: string
  /** The caller's name once another call, or none, is on the desk. */
  of: string | null
}

export function useNotes(login: string, earlier: () => string) {
  const slots = shallowRef<NoteSlot[]>(
    keptContacts('note', login).map((contact) => ({ contact, note: '', of: earlier() })),
  )

  /** `call` is on the desk now; an earlier note stays as long as it is `held`. */
  function follow(call: DeskCall | null, held: (contact: string) => boolean): void {
    const others = slots.value
      .filter((slot) => slot.contact !== call?.contact_id && (slot.of !== null || held(slot.contact)))
      .map((slot) => ({ ...slot, of: slot.of ?? earlier() }))
    const known = slots.value.find((slot) => slot.contact === call?.contact_id)
    const mine = call ? [{ ...known, contact: call.contact_id, note: call.note, of: null }] : []
    slots.value = [...others, ...mine]
  }

  function drop(contact: string): void {
    slots.value = slots.value.filter((slot) => slot.contact !== contact || slot.of === null)
  }

  return { slots, follow, drop }
}
