/** What the command palette offers: which commands fit the typed words, in which order. Pure. */
import type { Component } from 'vue'
import { dialable, looksLikeNumber } from '@/phone/dialable'

/** From here on digits are a telephone number and no number of ours. */
const WHOLE_NUMBER = 7

const GROUPS = ['phone', 'state', 'pages', 'customers', 'dial', 'tickets', 'calls', 'replies', 'more', 'looks'] as const
export type Group = (typeof GROUPS)[number]

export interface Command {
  id: string
  group: Group
  icon: Component
  title: string
  detail?: string
  /** Other words that find it, such as its initials in pinyin. */
  also?: string
  /** The chord that does the same, as it is printed. */
  key?: string
  run: () => unknown
}

const plain = (text: string): string => text.toLocaleLowerCase().trim()

function fits(command: Command, word: string): boolean {
  if (plain(command.title).includes(word)) return true
  return plain(command.also ?? '').split(' ').some((one) => one.startsWith(word))
}

/** Commands in whose title or other words every typed word is found. */
export function matching(commands: Command[], typed: string): Command[] {
  const words = plain(typed).split(/\s+/).filter(Boolean)
  return commands.filter((command) => words.every((word) => fits(command, word)))
}

/** The telephone number that is meant, if one is. */
export const numberIn = (typed: string): string =>
  looksLikeNumber(typed) && !typed.trim().startsWith('#') ? dialable(typed) : ''

/** The number of a ticket: `#10001` or the digits alone. */
export const ticketIn = (typed: string): string => /^#?(\d{1,9})$/.exec(typed.trim())?.[1] ?? ''

/** Groups in their order, none of them empty; a whole telephone number is dialled first. */
export function grouped(commands: Command[], typed: string): { group: Group; items: Command[] }[] {
  const first: Group[] = numberIn(typed).length >= WHOLE_NUMBER ? ['dial'] : []
  const order = [...first, ...GROUPS.filter((group) => !first.includes(group))]
  return order
    .map((group) => ({ group, items: commands.filter((one) => one.group === group) }))
    .filter(({ items }) => items.length > 0)
}
