/** Two outputs: the headset for the talk, the ringer for the ring; each its own device. */

export type Output = 'headset' | 'ringer'

/** Let an element sound on a device; an unknown one leaves it on the system's own. */
export async function playOn(element: HTMLAudioElement, device: string): Promise<void> {
  if (!('setSinkId' in element)) return
  try {
    await element.setSinkId(device)
  } catch (error) {
    if (!(error instanceof DOMException)) throw error
    // The device was unplugged since it was chosen.
    await element.setSinkId('')
  }
}

export const canChooseOutput = (): boolean => 'setSinkId' in HTMLMediaElement.prototype

export interface Devices {
  inputs: MediaDeviceInfo[]
  outputs: MediaDeviceInfo[]
}

/** Devices with names; they have names only after the microphone was allowed. */
export async function listDevices(): Promise<Devices> {
  const all = await navigator.mediaDevices.enumerateDevices()
  const named = all.filter((device) => device.deviceId && device.label)
  return {
    inputs: named.filter((device) => device.kind === 'audioinput'),
    outputs: named.filter((device) => device.kind === 'audiooutput'),
  }
}
