/** The SIP user agent: registered through the platform's own socket, reconnecting, keeping its talk. */
import { UA, WebSocketInterface } from 'jssip'
import type { IncomingRTCSessionEvent, RTCSessionEvent } from 'jssip/lib/UA'
import type { PhoneAccount } from '@/types/phone'
import { BackOff } from './backoff'

/** The library's own timers sleep in hidden tabs: it may wait, `tick` is what reconnects. */
const NEVER_S = 24 * 3600
const RING_LIMIT_S = 180

export interface UaHooks {
  connected: (on: boolean) => void
  registered: (on: boolean) => void
  /** The registrar refused: 401 and 403 want fresh credentials. */
  refused: (status: number) => void
  invited: (event: IncomingRTCSessionEvent) => void
}

/** What the library has, and its types leave out. */
interface WithTransport {
  transport: { connect: () => void; isConnecting: () => boolean }
}

export function socketAddress(path: string, place: Pick<Location, 'protocol' | 'host'>): string {
  return `${place.protocol === 'https:' ? 'wss' : 'ws'}://${place.host}${path}`
}

export class UserAgent {
  private readonly ua: UA & WithTransport
  private readonly backOff = new BackOff()
  private stopped = false

  constructor(account: PhoneAccount, hooks: UaHooks) {
    const socket = new WebSocketInterface(socketAddress(account.websocket, location))
    this.ua = new UA({
      sockets: [socket],
      uri: account.uri,
      authorization_user: account.username,
      password: account.password,
      register_expires: account.register_expires,
      // A refresh that meets a lost socket would end the talk; the platform watches the media.
      session_timers: false,
      no_answer_timeout: RING_LIMIT_S,
      user_agent: 'Callwright console',
      connection_recovery_min_interval: NEVER_S,
      connection_recovery_max_interval: NEVER_S,
    }) as UA & WithTransport
    this.listen(hooks)
  }

  get isConnected(): boolean {
    return this.ua.isConnected()
  }

  start(): void {
    this.ua.start()
  }

  /** Leave the registrar and the socket; running sessions end. */
  stop(): void {
    this.stopped = true
    this.ua.stop()
  }

  /** Called twice a second: connects again when it is time to. */
  tick(now: number): void {
    if (this.stopped || this.ua.isConnected() || this.ua.transport.isConnecting()) return
    if (this.backOff.isDue(now)) this.ua.transport.connect()
  }

  /** The network is back: do not wait for the next try. */
  hurry(now: number): void {
    this.backOff.hurry()
    this.tick(now)
  }

  private listen(hooks: UaHooks): void {
    this.ua.on('connected', () => {
      this.backOff.succeeded()
      hooks.connected(true)
    })
    this.ua.on('disconnected', () => {
      this.backOff.failed(Date.now())
      hooks.registered(false)
      hooks.connected(false)
    })
    this.ua.on('registered', () => hooks.registered(true))
    this.ua.on('unregistered', () => hooks.registered(false))
    this.ua.on('registrationFailed', ({ response }) => {
      hooks.registered(false)
      if (response) hooks.refused(response.status_code)
    })
    this.ua.on('newRTCSession', (event: RTCSessionEvent) => {
      if (event.originator === 'remote') hooks.invited(event as IncomingRTCSessionEvent)
    })
  }
}
