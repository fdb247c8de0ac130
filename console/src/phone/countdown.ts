/** Time that is left. */

/** Whole seconds until an ISO time, never negative. */
export const secondsOf = (until: string, now: number): number =>
  Math.max(0, Math.ceil((Date.parse(until) - now) / 1000))
