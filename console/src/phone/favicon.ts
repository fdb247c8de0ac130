/** The mark in the tab, with a dot while it rings. */

const badge = (ground: string, dot: string): string =>
  `data:image/svg+xml,${encodeURIComponent(
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 34 34"><rect width="34" height="34" rx="9" fill="${ground}"/><path d="M9 14v6M13.5 10v14M18 13v8M22.5 8v18M27 14.5v5" stroke="#fff" stroke-width="2.4" stroke-linecap="round"/><circle cx="26" cy="8" r="8" fill="${dot}" stroke="#fff" stroke-width="2"/></svg>`,
  )}`

const colour = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(name).trim()

const link = (): HTMLLinkElement | null => document.querySelector('link[rel=icon]')

/** Show the dot; the returned function puts the plain mark back. */
export function badgeFavicon(): () => void {
  const icon = link()
  if (!icon) return () => undefined
  const plain = icon.href
  icon.href = badge(colour('--accent'), colour('--warn'))
  return () => {
    icon.href = plain
  }
}
