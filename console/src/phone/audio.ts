/** Everything that sounds: microphone, talk and ring, on the devices that were chosen. */
import { Microphone } from './microphone'
import { Ringer } from './ringer'
import { Talk } from './talk'

export interface AudioChoice {
  microphone: string
  headset: string
  ringer: string
  /** From 0 to 1. */
  volume: number
}

export class PhoneAudio {
  readonly ringer = new Ringer()
  readonly talk = new Talk()
  readonly microphone: Microphone
  private choice: AudioChoice = { microphone: '', headset: '', ringer: '', volume: 1 }

  constructor(trackChanged: (track: MediaStreamTrack) => void) {
    this.microphone = new Microphone(trackChanged)
  }

  async use(choice: AudioChoice): Promise<void> {
    this.choice = choice
    this.ringer.setVolume(choice.volume)
    await Promise.all([this.ringer.setDevice(choice.ringer), this.talk.setDevice(choice.headset)])
    if (this.microphone.isOpen) await this.microphone.open(choice.microphone)
  }

  openMicrophone(): Promise<MediaStream> {
    return this.microphone.open(this.choice.microphone)
  }

  close(): void {
    this.ringer.stop()
    this.talk.silence()
    this.microphone.close()
  }
}
