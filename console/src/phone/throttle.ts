/** Keeps a second press from doing something else than the first was meant for. */

export const PRESS_GAP_MS = 400

/** Asks whether a press counts: not within the gap after the last one of any key that shares it. */
export class PressGuard {
  private last = -Infinity

  constructor(
    private readonly now: () => number = () => performance.now(),
    private readonly gap = PRESS_GAP_MS,
  ) {}

  /** Note a press without asking: "answer" must keep a hasty "hang up" away. */
  note(): void {
    this.last = this.now()
  }

  allows(): boolean {
    const now = this.now()
    const free = now - this.last >= this.gap
    if (free) this.last = now
    return free
  }
}
