/** Measuring points on `window.callwrightPhone`: for tests, and for whoever helps an agent. No words, no numbers. */

export interface Probe {
  ring: () => number
  microphone: () => number
  remote: () => number
  leg: () => string
  connection: () => RTCPeerConnection | null
}

declare global {
  interface Window {
    callwrightPhone?: Probe
  }
}

export function expose(probe: Probe): void {
  window.callwrightPhone = probe
}
