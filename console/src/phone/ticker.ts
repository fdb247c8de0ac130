/** Ticks twice a second, in hidden tabs too: timers of a page are slowed down there, a worker's are not. */

type Tick = () => void

export class Ticker {
  private readonly worker: Worker
  private readonly readers = new Set<Tick>()

  constructor() {
    this.worker = new Worker(new URL('./ticker.worker.ts', import.meta.url), { type: 'module' })
    this.worker.onmessage = () => this.readers.forEach((tick) => tick())
  }

  /** Be told of each tick until the returned function is called. */
  each(tick: Tick): () => void {
    this.readers.add(tick)
    return () => this.readers.delete(tick)
  }

  stop(): void {
    this.worker.terminate()
    this.readers.clear()
  }
}
