/** How loud a sound is just now. */

/** Root mean square of samples around 128, from 0 (silence) to 1. */
export function loudness(samples: Uint8Array): number {
  let sum = 0
  for (const sample of samples) sum += ((sample - 128) / 128) ** 2
  return Math.sqrt(sum / samples.length)
}

/** Speech is mostly far below full scale: spread the quiet part so that a bar shows it. */
export const shownLevel = (value: number): number => Math.min(1, Math.sqrt(value * 4))

export class Meter {
  private readonly samples: Uint8Array<ArrayBuffer>

  constructor(readonly analyser: AnalyserNode) {
    this.samples = new Uint8Array(analyser.fftSize)
  }

  read(): number {
    this.analyser.getByteTimeDomainData(this.samples)
    return loudness(this.samples)
  }
}

/** A meter on a stream; the returned function takes it off again. */
export function meterOf(context: AudioContext, stream: MediaStream): [Meter, () => void] {
  const source = context.createMediaStreamSource(stream)
  const analyser = context.createAnalyser()
  analyser.fftSize = 1024
  source.connect(analyser)
  return [new Meter(analyser), () => source.disconnect()]
}
