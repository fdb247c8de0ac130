/** Time that is left. */

/** Whole seconds until an ISO time, never negative. */
export const secondsOf = (until: string, now: number): number =>
  Math.max(0, Math.ceil((Date.parse(until) - now) / 1000))

/** The end of a ring that began at `offered` and may last `ring_s` seconds. */
export const ringEnd = (offered: string, ring_s: number): string =>
  new Date(Date.parse(offered) + ring_s * 1000).toISOString()
