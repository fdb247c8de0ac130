/** Every word is in every language, every key that the code names exists, no words in components. */
import { globSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import en from '@/i18n/messages/en'
import enPalette from '@/i18n/messages/en/palette'
import enRouting from '@/i18n/messages/en/routing'
import zhHans from '@/i18n/messages/zh-Hans'
import zhHansPalette from '@/i18n/messages/zh-Hans/palette'
import zhHansRouting from '@/i18n/messages/zh-Hans/routing'
import zhHant from '@/i18n/messages/zh-Hant'
import zhHantPalette from '@/i18n/messages/zh-Hant/palette'
import zhHantRouting from '@/i18n/messages/zh-Hant/routing'

type Tree = { [key: string]: string | Tree }

function flat(tree: Tree, prefix = ''): Map<string, string> {
  const found = new Map<string, string>()
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === 'string') found.set(prefix + key, value)
    else for (const [inner, text] of flat(value, `${prefix}${key}.`)) found.set(inner, text)
  }
  return found
}

const languages = {
  en: flat({ ...en, ...enPalette, ...enRouting }),
  'zh-Hans': flat({ ...zhHans, ...zhHansPalette, ...zhHansRouting }),
  'zh-Hant': flat({ ...zhHant, ...zhHantPalette, ...zhHantRouting }),
}
const master = languages['zh-Hans']
const sources = globSync('src/**/*.{vue,ts}').filter((file) => !file.includes('messages'))
const parameters = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map((one) => one[1] as string).sort()

describe.each(Object.entries(languages))('%s', (_, words) => {
  it('has the same keys as the master', () => {
    expect([...words.keys()].sort()).toEqual([...master.keys()].sort())
  })

  it('has no empty text and the same parameters', () => {
    for (const [key, text] of words) {
      expect(text.trim(), key).not.toBe('')
      expect(parameters(text), key).toEqual(parameters(master.get(key) ?? ''))
    }
  })
})

it('Chinese texts use full-width punctuation between Chinese characters', () => {
  for (const language of ['zh-Hans', 'zh-Hant'] as const) {
    for (const [key, text] of languages[language]) {
      expect(text, `${language} ${key}`).not.toMatch(/[一-鿿][,;:!?]|[一-鿿]\.(?!\d)/)
    }
  }
})

it('Traditional Chinese is written for its readers, not converted', () => {
  const all = [...languages['zh-Hant'].entries()].filter(([key]) => key !== 'language.zh-Hans')
  for (const [key, text] of all) {
    expect(text, key).not.toMatch(/坐席|小休|屏幕|網絡|短信|登錄|默認|搜索|菜單|質量|信息|[们这说话时间关]/)
  }
})

it('every key that the code names exists', () => {
  const named = sources.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/\bt\(\s*'([\w.-]+)'/g)].map((one) => ({ file, key: one[1] as string })),
  )
  expect(named.length).toBeGreaterThan(50)
  for (const { file, key } of named) expect(master.has(key), `${file}: ${key}`).toBe(true)
})

it('no component carries words of its own', () => {
  for (const file of sources) expect(readFileSync(file, 'utf8'), file).not.toMatch(/[一-鿿]/)
})
