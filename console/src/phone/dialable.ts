/** What a person types or pastes as a number, and whether it can be dialled. */

const PAD = '0123456789*#'
/** Full-width digits and signs as Chinese input methods write them. */
const NARROW: Record<string, string> = { '＋': '+', '＊': '*', '＃': '#' }

/** Only what a phone dials: digits, star, hash, and a leading plus. */
export function dialable(text: string): string {
  const signs = [...text].map((sign) => {
    const code = sign.charCodeAt(0) - 0xff10
    return code >= 0 && code <= 9 ? String(code) : (NARROW[sign] ?? sign)
  })
  const kept = signs.filter((sign) => PAD.includes(sign) || sign === '+').join('')
  return kept.replace(/(?!^)\+/g, '')
}

/** Extensions have three digits at least; no number in the world has more than fifteen. */
export const isDialable = (number: string): boolean => /^\+?[\d*#]{3,18}$/.test(number)

/** Whether a search means a number and not a name. */
export const looksLikeNumber = (text: string): boolean =>
  /^[\d\s()+*#＋０-９-]+$/.test(text.trim()) && isDialable(dialable(text))
