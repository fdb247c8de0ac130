/** Who is signed in and what they may do. */
import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import { ApiError } from '@/api/client'
import * as api from '@/api/session'
import type { User } from '@/api/types'
import { usePreferences } from './preferences'

export const useSession = defineStore('session', () => {
  const user = shallowRef<User | null>(null)
  const known = shallowRef(false)
  const permissions = computed(() => new Set(user.value?.permissions ?? []))

  async function enter(found: User): Promise<void> {
    user.value = found
    known.value = true
    const preferences = usePreferences()
    if (found.language && !preferences.chosen) await preferences.setLanguage(found.language, false)
  }

  /** Ask the server once who we are; a missing session is an answer, not a fault. */
  async function restore(): Promise<void> {
    if (known.value) return
    try {
      await enter((await api.readSession()).user)
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      known.value = error.status === 401
    }
  }

  const signIn = async (login: string, password: string): Promise<void> =>
    enter((await api.signIn(login, password)).user)

  async function signOut(): Promise<void> {
    await api.signOut()
    forget()
  }

  function forget(): void {
    user.value = null
    known.value = true
  }

  const can = (permission: string | null): boolean =>
    permission === null || permissions.value.has(permission)

  return { user, restore, signIn, signOut, forget, can }
})
