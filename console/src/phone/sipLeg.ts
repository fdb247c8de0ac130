/** One SIP session as the phone needs it: answer, decline, mute, digits, and why it ended. */
import type { EndEvent, RTCSession } from 'jssip/lib/RTCSession'
import { kindOf, type LegEnd, type LegKind } from './leg'

const TONE_MS = 120
const TONE_GAP_MS = 70
const GATHER_MS = 250
const DECLINE = 603
const UNAVAILABLE = 480

export interface SipLegHooks {
  connected: () => void
  ended: (why: LegEnd) => void
  /** The other side's sound. */
  heard: (stream: MediaStream) => void
}

/** Causes of ends that are nobody's wish; all others follow from who began them. */
const LOCAL_ENDS: Record<string, LegEnd> = {
  'User Denied Media Access': 'microphone',
  'WebRTC Error': 'microphone',
  'RTP Timeout': 'network',
  'Connection Error': 'network',
  'Request Timeout': 'network',
  'No ACK': 'network',
}

export function endOf(originator: string, cause: string): LegEnd {
  if (originator === 'remote') return cause === 'Canceled' ? 'caller_gone' : 'remote'
  return LOCAL_ENDS[cause] ?? (originator === 'system' ? 'network' : 'local')
}

interface Headers {
  getHeader: (name: string) => string | undefined
}

export class SipLeg {
  readonly kind: LegKind
  readonly contact: string
  private readonly session: RTCSession

  constructor(session: RTCSession, request: Headers, hooks: SipLegHooks) {
    this.session = session
    this.kind = kindOf(request.getHeader('X-Callwright')?.trim())
    this.contact = request.getHeader('X-Call-Id')?.trim() ?? ''
    session.on('peerconnection', ({ peerconnection }) => {
      peerconnection.addEventListener('track', (event) => {
        hooks.heard(event.streams[0] ?? new MediaStream([event.track]))
      })
    })
    // A silent STUN server must not keep the caller waiting: what is known after a moment is sent.
    session.on('icecandidate', ({ ready }) => setTimeout(ready, GATHER_MS))
    session.on('confirmed', () => hooks.connected())
    const over = (event: EndEvent): void => hooks.ended(endOf(event.originator, event.cause))
    session.on('ended', over)
    session.on('failed', over)
  }

  get connection(): RTCPeerConnection | null {
    return this.session.connection ?? null
  }

  answer(stream: MediaStream, iceServers: RTCIceServer[]): void {
    this.session.answer({ mediaStream: stream, pcConfig: { iceServers } })
  }

  /** The agent does not want the call. */
  decline(): void {
    this.finish(DECLINE)
  }

  /** This phone cannot take the call, such as without a microphone. */
  refuse(): void {
    this.finish(UNAVAILABLE)
  }

  end(): void {
    this.finish()
  }

  /** Kept by the session too, which switches the track on again at each new offer of media. */
  mute(on: boolean): void {
    if (on) this.session.mute({ audio: true })
    else this.session.unmute({ audio: true })
  }

  /** RFC 4733, inside the stream of the talk. */
  digit(tone: string): void {
    const dtmf = this.connection?.getSenders()[0]?.dtmf
    if (dtmf?.canInsertDTMF) dtmf.insertDTMF(dtmf.toneBuffer + tone, TONE_MS, TONE_GAP_MS)
  }

  async useTrack(track: MediaStreamTrack): Promise<void> {
    await this.connection?.getSenders()[0]?.replaceTrack(track)
  }

  private finish(status?: number): void {
    if (this.session.isEnded()) return
    this.session.terminate(status ? { status_code: status } : {})
  }
}
