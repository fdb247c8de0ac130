/** The phone itself: one registration, at most one leg, its sound. Loaded only where somebody has a phone. */
import type { IncomingRTCSessionEvent } from 'jssip/lib/UA'
import type { PhoneAccount } from '@/types/phone'
import { PhoneAudio } from './audio'
import { answersItself, isLive, kindOf, mayArrive, moved, NO_LEG, type Leg, type LegEnd } from './leg'
import { MicrophoneError } from './microphone'
import { expose } from './probe'
import { SipLeg } from './sipLeg'
import { UserAgent } from './ua'

const BUSY = 486
/** How long a tab that lost the phone lets the talk go on until its successor has joined it. */
const FAREWELL_MS = 10_000

export interface EngineHooks {
  leg: (leg: Leg) => void
  connected: (on: boolean) => void
  registered: (on: boolean) => void
  refused: (status: number) => void
}

export class Engine {
  readonly audio = new PhoneAudio((track) => void this.useTrack(track))
  private ua: UserAgent | null = null
  private sip: SipLeg | null = null
  /** What a rejoining leg replaces, until that one is heard. */
  private former: SipLeg | null = null
  private leg: Leg = NO_LEG
  private muted = false
  private iceServers: RTCIceServer[] = []

  constructor(private readonly hooks: EngineHooks) {
    expose({
      ring: () => this.audio.ringer.meter.read(),
      microphone: () => this.audio.microphone.meter?.read() ?? 0,
      remote: () => this.audio.talk.meter?.read() ?? 0,
      leg: () => this.leg.state,
      connection: () => this.sip?.connection ?? null,
    })
  }

  get connection(): RTCPeerConnection | null {
    return this.sip?.connection ?? null
  }

  /** Asked anew after each wait: the caller may have gone meanwhile. */
  private get waitsForAnswer(): boolean {
    return this.leg.state === 'answering'
  }

  register(account: PhoneAccount): void {
    this.ua?.stop()
    this.iceServers = account.ice_servers
    this.ua = new UserAgent(account, {
      connected: this.hooks.connected,
      registered: this.hooks.registered,
      refused: this.hooks.refused,
      invited: (event) => this.invited(event),
    })
    this.ua.start()
  }

  tick(now: number): void {
    this.ua?.tick(now)
  }

  hurry(now: number): void {
    this.ua?.hurry(now)
  }

  /** Another tab has the phone: no new calls here, and the talk ends when that tab has joined it. */
  retire(): void {
    const ua = this.ua
    this.ua = null
    if (!ua) return
    if (!isLive(this.leg.state)) ua.stop()
    else setTimeout(() => ua.stop(), FAREWELL_MS)
  }

  close(): void {
    this.ua?.stop()
    this.ua = null
    this.audio.close()
  }

  async answer(): Promise<void> {
    const sip = this.sip
    if (!sip || this.leg.state !== 'ringing') return
    this.move('answer')
    try {
      const stream = await this.audio.openMicrophone()
      for (const track of stream.getAudioTracks()) track.enabled = true
      if (this.sip === sip && this.waitsForAnswer) sip.answer(stream, this.iceServers)
    } catch (error) {
      if (!(error instanceof MicrophoneError)) throw error
      this.move('over', 'microphone')
      sip.refuse()
    }
  }

  decline(): void {
    if (this.leg.state === 'ringing') this.sip?.decline()
  }

  hangUp(): void {
    this.sip?.end()
  }

  mute(on: boolean): void {
    this.muted = on
    if (this.leg.state === 'talking') this.sip?.mute(on)
  }

  digit(tone: string): void {
    this.sip?.digit(tone)
  }

  private invited({ session, request }: IncomingRTCSessionEvent): void {
    const kind = kindOf(request.getHeader('X-Callwright')?.trim())
    if (!mayArrive(this.leg.state, kind) || !this.ua) {
      session.terminate({ status_code: BUSY })
      return
    }
    this.former = this.sip
    const sip: SipLeg = new SipLeg(session, request, {
      connected: () => this.sip === sip && this.connected(),
      ended: (why) => this.sip === sip && this.ended(why),
      heard: (stream) => this.sip === sip && this.audio.talk.hear(stream),
    })
    this.sip = sip
    this.leg = { ...NO_LEG, kind, contact: sip.contact }
    this.move('invited')
    if (answersItself(kind)) void this.answer()
  }

  private connected(): void {
    this.former?.end()
    this.former = null
    this.move('connected')
    this.mute(this.muted)
  }

  private ended(why: LegEnd): void {
    this.audio.talk.silence()
    this.move('over', why)
  }

  private async useTrack(track: MediaStreamTrack): Promise<void> {
    if (this.leg.state === 'talking') await this.sip?.useTrack(track)
  }

  private move(trigger: Parameters<typeof moved>[1], end: LegEnd | null = null): void {
    const next = moved(this.leg, trigger, end)
    if (next === this.leg) return
    this.leg = next
    this.hooks.leg(next)
  }
}
