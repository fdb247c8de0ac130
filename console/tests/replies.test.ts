/** The picker of ready replies, by its keys: found, sent once, blocked, played, stopped. */
import { flushPromises, mount } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { Script } from '@/api/scripts'
import ReplyPicker from '@/components/replies/ReplyPicker.vue'
import { i18n, useLanguage } from '@/i18n'
import { chosenOf, ranked, spokenIn, stepped, textPieces } from '@/lib/replies'
import type { Suggestion } from '@/types/desk'

const script = (id: string, title: string, text = title): Script =>
  ({ id, no: `S-${id}`, title, text, group: 'g', voice: null }) as unknown as Script
const LIBRARY = [script('017', 'refund time'), script('041', 'late parcel'), script('062', 'complaint')]
const LATE: Suggestion = { script_id: '041', no: 'S-041', title: 'late parcel', text: 'late parcel', why: ['late'] }
const SUGGESTED = [LATE]

let asked: { method: string; path: string; body: unknown }[] = []
let missing: string[] = []
let slow: (() => Promise<void>) | null = null

function answer(path: string): unknown {
  if (path.endsWith('/send')) return { message_id: 'm', state: 'queued' }
  if (path.endsWith('/play')) return { seconds: 14 }
  if (path.includes('/contacts/')) return { text: 'filled', spoken: 'filled', missing }
  const q = new URL(path, 'http://x').searchParams.get('q') ?? ''
  return { items: LIBRARY.filter((one) => one.title.includes(q)), total: 3 }
}

beforeEach(async () => {
  asked = []
  missing = []
  slow = null
  setActivePinia(createPinia())
  await useLanguage('en')
  vi.stubGlobal('fetch', async (path: string, init: RequestInit) => {
    asked.push({ method: init.method ?? '', path, body: init.body ? JSON.parse(String(init.body)) : null })
    await slow?.()
    if (init.signal?.aborted) throw new DOMException('stale', 'AbortError')
    return new Response(JSON.stringify(answer(path)))
  })
})
afterEach(() => {
  document.body.innerHTML = ''
  vi.unstubAllGlobals()
})

async function open(props: { contact?: string | null; suggestions?: Suggestion[] } = {}) {
  const picker = mount(ReplyPicker, {
    props: { contact: 'c1', language: 'zh-Hans', suggestions: [], ...props },
    global: { plugins: [i18n] },
    attachTo: document.body,
  })
  await flushPromises()
  const box = picker.find('input')
  const press = async (key: string, more: object = {}) => {
    await box.trigger('keydown', { key, ...more })
    await flushPromises()
  }
  const chosen = () => picker.find('[aria-selected="true"]').text()
  const sent = () => asked.filter((one) => one.path.endsWith('/send'))
  return { picker, box, press, chosen, sent }
}

const slash = (target: Element = document.body) =>
  target.dispatchEvent(new KeyboardEvent('keydown', { key: '/', bubbles: true, cancelable: true }))

it('the suggested reply takes two keys: a slash and Enter', async () => {
  const { box, press, chosen, sent, picker } = await open({ suggestions: SUGGESTED })
  slash()
  expect(document.activeElement).toBe(box.element)
  expect(chosen()).toContain('late parcel')
  await press('Enter')
  expect(sent().map((one) => one.path)).toEqual(['/api/v1/contacts/c1/scripts/041/send'])
  expect(picker.find('[role="status"].result').text()).toContain('Sent')
  picker.unmount()
})

it('Enter sends what was typed, also before the list has caught up', async () => {
  const { box, press, sent, picker } = await open({ suggestions: SUGGESTED })
  let go: () => void = () => undefined
  slow = () => new Promise((resolve) => (go = resolve))
  await box.setValue('comp')
  await press('Enter')
  expect(sent()).toEqual([])
  slow = null
  go()
  await flushPromises()
  expect(sent().map((one) => one.path)).toEqual(['/api/v1/contacts/c1/scripts/062/send'])
  picker.unmount()
})

it('pressed twice it is sent once, and a later press carries the same key', async () => {
  const { box, press, sent, picker } = await open()
  await Promise.all([box.trigger('keydown', { key: 'Enter' }), box.trigger('keydown', { key: 'Enter' })])
  await flushPromises()
  expect(sent()).toHaveLength(1)
  await press('Enter')
  expect(new Set(sent().map((one) => (one.body as { key: string }).key)).size).toBe(1)
  picker.unmount()
})

it('an Enter that ends the composing of a Chinese word sends nothing', async () => {
  const { press, sent, picker } = await open()
  await press('Enter', { isComposing: true })
  await press('Enter', { keyCode: 229 })
  expect(sent()).toEqual([])
  picker.unmount()
})

it('a gap in the text names itself, blocks, and asks for its word', async () => {
  missing = ['ticket_no']
  const { press, sent, picker } = await open()
  await press('Enter')
  expect(sent()).toEqual([])
  expect(picker.find('[role="alert"]').text()).toContain('ticket number')
  const gap = picker.find<HTMLInputElement>('[data-gap]')
  expect(document.activeElement).toBe(gap.element)
  await gap.setValue('10001')
  await flushPromises()
  await gap.trigger('keydown', { key: 'Enter' })
  await flushPromises()
  expect(sent().map((one) => (one.body as { values: object }).values)).toEqual([{ ticket_no: '10001' }])
  picker.unmount()
})

it('Ctrl+Enter plays it into the call, Escape stops it', async () => {
  const { press, picker } = await open()
  await press('Enter', { ctrlKey: true })
  expect(asked.at(-1)?.path).toBe('/api/v1/contacts/c1/scripts/017/play')
  expect(picker.text()).toContain('Playing: refund time')
  await press('Escape')
  expect(asked.at(-1)?.path).toBe('/api/v1/contacts/c1/scripts/stop')
  expect(picker.text()).not.toContain('Playing')
  picker.unmount()
})

it('a slash typed elsewhere stays there', async () => {
  const { box, picker } = await open()
  const note = document.createElement('textarea')
  document.body.append(note)
  note.focus()
  slash(note)
  expect(document.activeElement).not.toBe(box.element)
  picker.unmount()
})

it('without a call nothing is sent, and the reason is told', async () => {
  const { press, sent, picker } = await open({ contact: null })
  await press('Enter')
  expect(sent()).toEqual([])
  expect(picker.text()).toContain('No call')
  picker.unmount()
})

it('the arrows move the choice, new suggestions do not move it under a hand', async () => {
  const { box, press, chosen, picker } = await open({ suggestions: SUGGESTED })
  await box.trigger('focus')
  await press('ArrowDown')
  expect(chosen()).toContain('refund time')
  await picker.setProps({ suggestions: [{ ...LATE, script_id: '062', title: 'complaint' }] })
  expect(chosen()).toContain('refund time')
  expect(picker.findAll('[role="option"]')[0]?.text()).toContain('late parcel')
  picker.unmount()
})

it('a suggestion that comes is chosen at once, unless a person has chosen another', async () => {
  const { picker, press, chosen } = await open()
  expect(chosen()).toContain('refund time')
  await picker.setProps({ suggestions: SUGGESTED })
  await flushPromises()
  expect(chosen()).toContain('late parcel')
  await press('ArrowDown')
  await press('ArrowDown')
  await picker.setProps({ suggestions: [] })
  await flushPromises()
  expect(chosen()).toContain('complaint')
  await picker.setProps({ contact: 'c2', suggestions: SUGGESTED })
  await flushPromises()
  expect(chosen()).toContain('late parcel')
})

it('suggestions lead an empty search; a search keeps the ranking of the server', () => {
  expect(ranked('', LIBRARY, SUGGESTED).map((one) => one.id)).toEqual(['041', '017', '062'])
  expect(ranked('e', LIBRARY, SUGGESTED).map((one) => one.id)).toEqual(['017', '041', '062'])
  expect(ranked('e', LIBRARY, SUGGESTED)[1]?.suggested).toBe(true)
  expect(chosenOf(ranked('', LIBRARY, []), 'gone')).toBe('017')
  expect(stepped(ranked('', LIBRARY, []), '017', -1)).toBe('017')
  expect(textPieces('a {b} c').map((one) => one.variable)).toEqual([false, true, false])
})

it('replies come first in what the caller speaks, written as one writes oneself', () => {
  expect(spokenIn('en', undefined)).toBe('en')
  expect(spokenIn('zh-Hant', 'zh')).toBe('zh-Hant')
  expect(spokenIn('en', 'zh')).toBe('zh-Hans')
  expect(spokenIn('zh-Hant', 'en')).toBe('en')
})
