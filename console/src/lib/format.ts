/** Times, durations and numbers in the reader's language. */
import type { Language } from '@/api/types'

const LOCALES: Record<Language, string> = { 'zh-Hans': 'zh-CN', 'zh-Hant': 'zh-TW', en: 'en-GB' }

const two = (value: number): string => String(value).padStart(2, '0')

/** Seconds as `m:ss`, or `h:mm:ss` from an hour on. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds))
  const rest = `${two(Math.floor((whole % 3600) / 60))}:${two(whole % 60)}`
  return whole >= 3600 ? `${Math.floor(whole / 3600)}:${rest}` : rest
}

/** Seconds between an ISO time and `now` (epoch milliseconds), never negative. */
export function secondsSince(iso: string, now: number): number {
  return Math.max(0, (now - Date.parse(iso)) / 1000)
}

export function clockTime(iso: string, language: Language): string {
  const options = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' } as const
  return new Intl.DateTimeFormat(LOCALES[language], options).format(new Date(iso))
}

/** `14:02:31` today, `11-21 14:02` this year, `2025-11-21 14:02` before. */
export function compactTime(iso: string, now: number): string {
  const at = new Date(iso)
  const today = new Date(now)
  const time = `${two(at.getHours())}:${two(at.getMinutes())}`
  if (at.toDateString() === today.toDateString()) return `${time}:${two(at.getSeconds())}`
  return `${compactDay(iso, now)} ${time}`
}

/** `11-21` this year, `2025-11-21` before. */
export function compactDay(iso: string, now: number): string {
  const at = new Date(iso)
  const day = `${two(at.getMonth() + 1)}-${two(at.getDate())}`
  return at.getFullYear() === new Date(now).getFullYear() ? day : `${at.getFullYear()}-${day}`
}

export function fullTime(iso: string, language: Language): string {
  const options = { dateStyle: 'medium', timeStyle: 'medium', hourCycle: 'h23' } as const
  return new Intl.DateTimeFormat(LOCALES[language], options).format(new Date(iso))
}

/** The day with its weekday, of this language. */
export function dayName(now: number, language: Language): string {
  const options = { month: 'long', day: 'numeric', weekday: 'short' } as const
  return new Intl.DateTimeFormat(LOCALES[language], options).format(new Date(now))
}

/** A local calendar day, `daysAgo` days back, as an ISO time at its midnight. */
export function midnight(now: number, daysAgo: number): string {
  const day = new Date(now)
  day.setHours(0, 0, 0, 0)
  day.setDate(day.getDate() - daysAgo)
  return day.toISOString()
}

/** An amount of money; whole yuan show no cents. */
export function money(amount: number | string, language: Language): string {
  const value = Number(amount)
  return new Intl.NumberFormat(LOCALES[language], {
    style: 'currency',
    currency: 'CNY',
    currencyDisplay: 'narrowSymbol',
    minimumFractionDigits: Number.isInteger(value) ? 0 : 2,
  }).format(value)
}
