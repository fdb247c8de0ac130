/** When to try again: at once, then rarer and rarer, with chance so that desks do not come as one. */

export const FIRST_MS = 500
export const LONGEST_MS = 10_000

export class BackOff {
  private tries = 0
  private due = 0

  constructor(private readonly chance: () => number = Math.random) {}

  /** Something failed at `now`: the next try is due later than the last time. */
  failed(now: number): void {
    const longest = Math.min(FIRST_MS * 2 ** this.tries, LONGEST_MS)
    this.tries += 1
    this.due = now + longest * (0.5 + this.chance() / 2)
  }

  succeeded(): void {
    this.tries = 0
    this.due = 0
  }

  /** Try at once, such as when the network came back. */
  hurry(): void {
    this.due = 0
  }

  isDue(now: number): boolean {
    return now >= this.due
  }
}
