/** The sound of the ring: a loop rendered once, on the ringer's device, measurable. */
import { Meter } from './levels'
import { playOn } from './outputs'
import { audioContext } from './sound'

const PERIOD_S = 3
const NOTES: [at: number, hertz: number][] = [
  [0, 659.25],
  [0.22, 830.61],
  [0.44, 987.77],
  [1, 659.25],
  [1.22, 830.61],
  [1.44, 987.77],
]
const NOTE_S = 0.5

/** Two soft rising figures, then quiet; samples from -1 to 1. */
export function ringSamples(rate: number): Float32Array<ArrayBuffer> {
  const samples = new Float32Array(PERIOD_S * rate)
  for (const [at, hertz] of NOTES) {
    for (let step = 0; step < NOTE_S * rate; step += 1) {
      const time = step / rate
      const swell = Math.min(1, time / 0.012) * Math.exp(-5 * time)
      const wave = Math.sin(2 * Math.PI * hertz * time) + 0.3 * Math.sin(4 * Math.PI * hertz * time)
      const place = Math.floor(at * rate) + step
      samples[place] = (samples[place] ?? 0) + 0.3 * swell * wave
    }
  }
  return samples
}

export class Ringer {
  readonly meter: Meter
  private readonly bus: GainNode
  private readonly element = new Audio()
  private source: AudioBufferSourceNode | null = null
  private buffer: AudioBuffer | null = null

  constructor(private readonly context: AudioContext = audioContext()) {
    const out = context.createMediaStreamDestination()
    const analyser = context.createAnalyser()
    this.bus = context.createGain()
    this.bus.connect(analyser)
    this.bus.connect(out)
    this.meter = new Meter(analyser)
    this.element.srcObject = out.stream
  }

  get isRinging(): boolean {
    return this.source !== null
  }

  setDevice(device: string): Promise<void> {
    return playOn(this.element, device)
  }

  setVolume(volume: number): void {
    this.bus.gain.value = volume
  }

  start(): void {
    this.play(true)
  }

  /** Once through, for the speaker test. */
  once(): void {
    this.play(false)
  }

  stop(): void {
    this.source?.stop()
    this.source?.disconnect()
    this.source = null
    this.element.pause()
  }

  private play(loop: boolean): void {
    this.stop()
    void this.context.resume()
    const source = this.context.createBufferSource()
    source.buffer = this.rendered()
    source.loop = loop
    source.connect(this.bus)
    source.start()
    source.onended = () => {
      if (this.source === source) this.stop()
    }
    this.source = source
    // A browser that has not been touched yet refuses; the other channels of the ring tell.
    void this.element.play().catch(() => undefined)
  }

  private rendered(): AudioBuffer {
    if (this.buffer) return this.buffer
    const samples = ringSamples(this.context.sampleRate)
    this.buffer = this.context.createBuffer(1, samples.length, this.context.sampleRate)
    this.buffer.copyToChannel(samples, 0)
    return this.buffer
  }
}
