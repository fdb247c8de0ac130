/** The microphone: opened once, kept open while one may be called, found again when it was unplugged. */
import { meterOf, type Meter } from './levels'
import { audioContext } from './sound'

export type MicrophoneFault = 'insecure' | 'denied' | 'missing' | 'busy' | 'failed'

const FAULTS: Record<string, MicrophoneFault> = {
  NotAllowedError: 'denied',
  SecurityError: 'denied',
  NotFoundError: 'missing',
  OverconstrainedError: 'missing',
  NotReadableError: 'busy',
  AbortError: 'busy',
}

export class MicrophoneError extends Error {
  constructor(readonly fault: MicrophoneFault) {
    super(fault)
  }
}

const wanted = (device: string): MediaTrackConstraints => ({
  echoCancellation: true,
  noiseSuppression: true,
  autoGainControl: true,
  ...(device ? { deviceId: { exact: device } } : {}),
})

async function ask(device: string): Promise<MediaStream> {
  if (!navigator.mediaDevices) throw new MicrophoneError('insecure')
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: wanted(device) })
  } catch (error) {
    if (!(error instanceof DOMException)) throw error
    const fault = FAULTS[error.name] ?? 'failed'
    // The chosen one was unplugged: any other is better than none.
    if (fault === 'missing' && device) return ask('')
    throw new MicrophoneError(fault)
  }
}

export class Microphone {
  private stream: MediaStream | null = null
  private device = ''
  private opening: Promise<MediaStream> | null = null
  private unmeter: () => void = () => undefined
  meter: Meter | null = null

  /** `changed` is told of a new stream: a running talk must use it. */
  constructor(private readonly changed: (track: MediaStreamTrack) => void = () => undefined) {}

  get track(): MediaStreamTrack | null {
    return this.stream?.getAudioTracks()[0] ?? null
  }

  get isOpen(): boolean {
    return this.track?.readyState === 'live'
  }

  /** The open stream, asking for it first where needed. */
  async open(device = this.device): Promise<MediaStream> {
    if (this.stream && this.isOpen && device === this.device) return this.stream
    this.opening ??= this.reopen(device).finally(() => (this.opening = null))
    return this.opening
  }

  close(): void {
    this.unmeter()
    this.meter = null
    for (const track of this.stream?.getTracks() ?? []) track.stop()
    this.stream = null
  }

  private async reopen(device: string): Promise<MediaStream> {
    const muted = this.track?.enabled === false
    const stream = await ask(device)
    this.close()
    this.stream = stream
    this.device = device
    ;[this.meter, this.unmeter] = meterOf(audioContext(), stream)
    const track = stream.getAudioTracks()[0] as MediaStreamTrack
    track.enabled = !muted
    track.onended = () => void this.open('').catch(() => undefined)
    this.changed(track)
    return stream
  }
}
