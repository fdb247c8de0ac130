/** A stereo WAV for the stand-in platform: bursts of tone where the invented people speak. */
const RATE = 8000
const HEADER = 44
const SPEECH: [number, number, number][] = [
  [0, 4, 11], [1, 12, 26], [0, 27, 40], [1, 41, 60], [0, 66, 70], [1, 72, 79], [0, 80, 86], [1, 88, 96],
]

function header(bytes: number): Buffer {
  const head = Buffer.alloc(HEADER)
  head.write('RIFF', 0)
  head.writeUInt32LE(HEADER - 8 + bytes, 4)
  head.write('WAVEfmt ', 8)
  head.writeUInt32LE(16, 16)
  head.writeUInt16LE(1, 20)
  head.writeUInt16LE(2, 22)
  head.writeUInt32LE(RATE, 24)
  head.writeUInt32LE(RATE * 4, 28)
  head.writeUInt16LE(4, 32)
  head.writeUInt16LE(16, 34)
  head.write('data', 36)
  head.writeUInt32LE(bytes, 40)
  return head
}

export function stereoWave(seconds: number): Buffer {
  const frames = seconds * RATE
  const body = Buffer.alloc(frames * 4)
  for (const [lane, from, to] of SPEECH) {
    for (let frame = from * RATE; frame < Math.min(frames, to * RATE); frame += 1) {
      const time = frame / RATE
      const syllable = Math.abs(Math.sin(time * 9) * Math.sin(time * 2.3))
      const value = Math.sin(2 * Math.PI * (lane ? 220 : 150) * time) * syllable * 20000
      body.writeInt16LE(Math.round(value), frame * 4 + lane * 2)
    }
  }
  return Buffer.concat([header(body.length), body])
}
