/** The other side's sound on the headset, and its level. */
import { meterOf, type Meter } from './levels'
import { playOn } from './outputs'
import { audioContext } from './sound'

export class Talk {
  private readonly element = new Audio()
  private unmeter: () => void = () => undefined
  meter: Meter | null = null

  setDevice(device: string): Promise<void> {
    return playOn(this.element, device)
  }

  hear(stream: MediaStream): void {
    this.silence()
    this.element.srcObject = stream
    ;[this.meter, this.unmeter] = meterOf(audioContext(), stream)
    void audioContext().resume()
    // An open microphone unlocks sound, so a refusal here means there is no output at all.
    void this.element.play().catch(() => undefined)
  }

  silence(): void {
    this.unmeter()
    this.unmeter = () => undefined
    this.meter = null
    this.element.srcObject = null
  }
}
