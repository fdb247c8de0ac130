/** Saying who the caller is: found, new, or one of several; the card follows by itself. */
import { ref, shallowRef } from 'vue'
import { ApiError } from '@/api/client'
import * as api from '@/api/desk'
import { useDesk } from '@/stores/desk'

interface Existing {
  id: string
  name: string
}

export function useCaller(contact: string) {
  const desk = useDesk()
  const busy = ref(false)
  const problem = shallowRef<unknown>(null)
  /** The customer who has this number already, when a new one was refused for that. */
  const existing = shallowRef<Existing | null>(null)

  async function attempt(action: () => Promise<void>): Promise<boolean> {
    if (busy.value) return false
    busy.value = true
    problem.value = null
    try {
      await action()
      return true
    } catch (error) {
      problem.value = error
      return false
    } finally {
      busy.value = false
    }
  }

  /** The card of this contact anew; another call's card is never touched. */
  async function refresh(): Promise<void> {
    const card = await api.readCard(contact)
    if (desk.call?.contact_id === contact) desk.call = { ...desk.call, card }
  }

  const choose = (customer: string): Promise<boolean> =>
    attempt(async () => {
      await api.attachCustomer(contact, customer)
      existing.value = null
      await refresh()
    })

  const create = (name: string, tier: string): Promise<boolean> =>
    attempt(async () => {
      try {
        await api.createCustomer({ name, tier, contact_id: contact, key: contact })
      } catch (error) {
        existing.value = existingOf(error)
        throw error
      }
      await refresh()
    })

  return { busy, problem, existing, choose, create }
}

function existingOf(error: unknown): Existing | null {
  if (!(error instanceof ApiError) || error.code !== 'customer_exists') return null
  return { id: String(error.params.id), name: String(error.params.name) }
}
