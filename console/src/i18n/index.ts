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

const loaded = new Set<Language>()

/** Load the words and switch the whole page to them. */
export async function useLanguage(language: Language): Promise<void> {
  if (!loaded.has(language)) {
    i18n.global.setLocaleMessage(language, (await LOADERS[language]()).default)
    loaded.add(language)
  }
  i18n.global.locale.value = language
  document.documentElement.lang = language
}
