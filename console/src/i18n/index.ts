/** Three languages as typed message files; only the one in use is loaded. */
import { createI18n } from 'vue-i18n'
import type { Language } from '@/api/types'
import type { Shape } from './messages/shape'
import type zhHans from './messages/zh-Hans'

/** The same keys everywhere, any words. */
export type Messages = Shape<typeof zhHans>

const LOADERS: Record<Language, () => Promise<{ default: Messages }>> = {
  'zh-Hans': () => import('./messages/zh-Hans'),
  'zh-Hant': () => import('./messages/zh-Hant'),
  en: () => import('./messages/en'),
}

export const i18n = createI18n<false>({
  legacy: false,
  locale: 'zh-Hans',
  fallbackLocale: false,
  missingWarn: import.meta.env.DEV,
  fallbackWarn: false,
  messages: {},
})

/** Words of a part of the console that comes later. */
type Part = Record<Language, () => Promise<{ default: object }>>

const PALETTE: Part = {
  'zh-Hans': () => import('./messages/zh-Hans/palette'),
  'zh-Hant': () => import('./messages/zh-Hant/palette'),
  en: () => import('./messages/en/palette'),
}

const ROUTING: Part = {
  'zh-Hans': () => import('./messages/zh-Hans/routing'),
  'zh-Hant': () => import('./messages/zh-Hant/routing'),
  en: () => import('./messages/en/routing'),
}

const loaded = new Set<Language>()
const parts = new Map<Part, Set<Language>>()

async function load(part: Part, language: Language): Promise<void> {
  const known = parts.get(part)
  if (known?.has(language)) return
  i18n.global.mergeLocaleMessage(language, (await part[language]()).default)
  known?.add(language)
}

/** The part's words in the present language, and from now on in every other that is chosen. */
async function usePart(part: Part): Promise<void> {
  if (!parts.has(part)) parts.set(part, new Set())
  await load(part, i18n.global.locale.value as Language)
}

export const usePaletteWords = (): Promise<void> => usePart(PALETTE)
export const useRoutingWords = (): Promise<void> => usePart(ROUTING)

/** Load the words and switch the whole page to them. */
export async function useLanguage(language: Language): Promise<void> {
  if (!loaded.has(language)) {
    i18n.global.setLocaleMessage(language, (await LOADERS[language]()).default)
    loaded.add(language)
  }
  await Promise.all([...parts.keys()].map((part) => load(part, language)))
  i18n.global.locale.value = language
  document.documentElement.lang = language
}
