/** The live socket: topics with snapshots and numbered changes, reconnecting by itself. */

export type LiveState = 'closed' | 'connecting' | 'open' | 'lost'

/** What a topic's reader gets: the whole at first and after a gap, then each change. */
export interface TopicReader {
  snapshot: (data: unknown, asOf: string) => void
  change: (data: unknown) => void
}

interface Frame {
  topic?: string
  seq?: number
  snapshot?: unknown
  event?: unknown
  as_of?: string
}

interface Topic {
  readers: Set<TopicReader>
  seq: number | null
}

const FIRST_DELAY_MS = 500
const LONGEST_DELAY_MS = 15_000
/** A connection that held this long starts with the shortest delay again. */
const STEADY_MS = 10_000
const SIGNED_OUT_CODES = [4401, 1008]

export interface LiveHooks {
  /** `retryAt` is the time of the next try in epoch milliseconds while the connection is lost. */
  state: (state: LiveState, retryAt: number | null) => void
  signedOut: () => void
}

export class LiveSocket {
  private socket: WebSocket | null = null
  private readonly topics = new Map<string, Topic>()
  private delay = FIRST_DELAY_MS
  private timer: ReturnType<typeof setTimeout> | null = null
  private wanted = false
  private openedAt = 0

  constructor(
    private readonly address: () => string,
    private readonly hooks: LiveHooks,
  ) {}

  open(): void {
    this.wanted = true
    if (!this.socket) this.connect()
  }

  close(): void {
    this.wanted = false
    this.cancelRetry()
    this.socket?.close()
    this.socket = null
    this.hooks.state('closed', null)
  }

  retryNow(): void {
    this.cancelRetry()
    if (this.wanted && !this.socket) this.connect()
  }

  /** Read a topic until the returned function is called. */
  subscribe(name: string, reader: TopicReader): () => void {
    const topic = this.topics.get(name) ?? { readers: new Set(), seq: null }
    this.topics.set(name, topic)
    topic.readers.add(reader)
    // A second reader needs the whole too, so the topic is asked for again.
    this.ask('subscribe', [name])
    return () => this.leave(name, reader)
  }

  private leave(name: string, reader: TopicReader): void {
    const topic = this.topics.get(name)
    if (!topic) return
    topic.readers.delete(reader)
    if (topic.readers.size > 0) return
    this.topics.delete(name)
    this.ask('unsubscribe', [name])
  }

  private ask(verb: 'subscribe' | 'unsubscribe', names: string[]): void {
    if (this.socket?.readyState !== WebSocket.OPEN || names.length === 0) return
    this.socket.send(JSON.stringify({ [verb]: names }))
  }

  private connect(): void {
    this.hooks.state('connecting', null)
    const socket = new WebSocket(this.address())
    this.socket = socket
    socket.onopen = () => this.opened()
    socket.onmessage = (message) => this.received(message.data as string)
    socket.onclose = (event) => this.closed(socket, event.code)
  }

  private opened(): void {
    this.openedAt = Date.now()
    for (const topic of this.topics.values()) topic.seq = null
    this.hooks.state('open', null)
    this.ask('subscribe', [...this.topics.keys()])
  }

  private closed(socket: WebSocket, code: number): void {
    if (this.socket !== socket) return
    this.socket = null
    if (!this.wanted) return
    if (SIGNED_OUT_CODES.includes(code)) {
      this.close()
      this.hooks.signedOut()
      return
    }
    if (this.openedAt && Date.now() - this.openedAt > STEADY_MS) this.delay = FIRST_DELAY_MS
    this.openedAt = 0
    this.hooks.state('lost', Date.now() + this.delay)
    this.timer = setTimeout(() => this.retryNow(), this.delay)
    this.delay = Math.min(this.delay * 2, LONGEST_DELAY_MS)
  }

  private cancelRetry(): void {
    if (this.timer) clearTimeout(this.timer)
    this.timer = null
  }

  private received(text: string): void {
    const frame = JSON.parse(text) as Frame
    const topic = this.topics.get(frame.topic ?? '')
    if (!topic || frame.seq === undefined) return
    if (frame.snapshot === undefined) {
      this.changed(topic, frame.topic as string, frame.seq, frame.event)
      return
    }
    topic.seq = frame.seq
    for (const reader of topic.readers) reader.snapshot(frame.snapshot, frame.as_of ?? '')
  }

  /** The next number is passed on; an old one is dropped; a gap asks for the whole again. */
  private changed(topic: Topic, name: string, seq: number, data: unknown): void {
    if (topic.seq === null || seq <= topic.seq) return
    if (seq !== topic.seq + 1) {
      topic.seq = null
      this.ask('subscribe', [name])
      return
    }
    topic.seq = seq
    for (const reader of topic.readers) reader.change(data)
  }
}
