/** What a person chose for this browser: language, theme, density. */
import { defineStore } from 'pinia'
import { computed, ref, watchEffect } from 'vue'
import type { Language } from '@/api/types'
import { useLanguage } from '@/i18n'

export type Theme = 'auto' | 'light' | 'dark'
export type Density = 'compact' | 'comfortable'

export const LANGUAGES: Language[] = ['zh-Hans', 'zh-Hant', 'en']
export const THEMES: Theme[] = ['auto', 'light', 'dark']
export const DENSITIES: Density[] = ['compact', 'comfortable']

const KEY = 'callwright.preferences'

interface Stored {
  language?: Language
  theme?: Theme
  density?: Density
}

function stored(): Stored {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? '{}') as Stored
  } catch {
    return {}
  }
}

/** The browser's own language, mapped to one of ours. */
export function browserLanguage(tags: readonly string[]): Language {
  for (const tag of tags) {
    if (/^zh\b/i.test(tag)) return /hant|tw|hk|mo/i.test(tag) ? 'zh-Hant' : 'zh-Hans'
    if (/^en\b/i.test(tag)) return 'en'
  }
  return 'zh-Hans'
}

export const usePreferences = defineStore('preferences', () => {
  const kept = stored()
  const language = ref<Language>(kept.language ?? browserLanguage(navigator.languages))
  const theme = ref<Theme>(kept.theme ?? 'auto')
  const density = ref<Density>(kept.density ?? 'compact')
  const chosen = ref(kept.language !== undefined)
  const darkSystem = matchMedia('(prefers-color-scheme: dark)')
  const systemIsDark = ref(darkSystem.matches)
  darkSystem.addEventListener('change', (event) => (systemIsDark.value = event.matches))

  function save(): void {
    const keep: Stored = { theme: theme.value, density: density.value }
    if (chosen.value) keep.language = language.value
    localStorage.setItem(KEY, JSON.stringify(keep))
  }

  async function setLanguage(next: Language, byPerson = true): Promise<void> {
    await useLanguage(next)
    language.value = next
    chosen.value ||= byPerson
  }

  const dark = computed(
    () => theme.value === 'dark' || (theme.value === 'auto' && systemIsDark.value),
  )
  watchEffect(() => {
    document.documentElement.dataset.theme = dark.value ? 'dark' : 'light'
    document.documentElement.dataset.density = density.value
    save()
  })

  return { language, theme, density, chosen, dark, setLanguage }
})
