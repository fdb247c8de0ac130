/** One tab of a browser has the phone: who holds the lock leads, the others wait or take it over. */

const LOCK = 'callwright.phone'

export interface LeaderHooks {
  /** This tab leads from now on. */
  gained: () => void
  /** Another tab took the phone over. */
  lost: () => void
}

type Locks = Pick<LockManager, 'request'>

const isAbort = (error: unknown): boolean =>
  error instanceof DOMException && error.name === 'AbortError'

export class Leader {
  private release: (() => void) | null = null
  private waiting: AbortController | null = null
  private wanted = false

  constructor(
    private readonly hooks: LeaderHooks,
    private readonly name = LOCK,
    private readonly locks: Locks = navigator.locks,
  ) {}

  /** Lead as soon as no other tab does. */
  start(): void {
    if (this.wanted) return
    this.wanted = true
    this.queue()
  }

  /** Take the phone from the tab that has it. */
  takeOver(): void {
    if (this.release) return
    this.wanted = true
    this.waiting?.abort()
    this.ask({ steal: true })
  }

  stop(): void {
    this.wanted = false
    this.waiting?.abort()
    this.release?.()
  }

  private queue(): void {
    this.waiting = new AbortController()
    this.ask({ signal: this.waiting.signal })
  }

  /** A lock that was held and is gone was stolen; a wait that ends was given up by ourselves. */
  private ask(options: LockOptions): void {
    let held = false
    const work = (): Promise<void> => {
      held = true
      return this.hold()
    }
    this.locks.request(this.name, options, work).catch((error: unknown) => {
      if (!isAbort(error)) throw error
      if (held) this.ousted()
    })
  }

  /** The lock is ours until this promise ends, or until another tab steals it. */
  private hold(): Promise<void> {
    this.waiting = null
    return new Promise((end) => {
      this.release = () => {
        this.release = null
        end()
      }
      this.hooks.gained()
    })
  }

  private ousted(): void {
    this.release = null
    this.hooks.lost()
    if (this.wanted) this.queue()
  }
}
