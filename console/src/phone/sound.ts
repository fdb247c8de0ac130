/** The page's one audio context, for meters and the ring; browsers unlock it with a gesture or the microphone. */

let shared: AudioContext | null = null

export function audioContext(): AudioContext {
  shared ??= new AudioContext({ latencyHint: 'interactive' })
  return shared
}

/** Whether sound can be heard now; tries to unlock it first. */
export async function unlockSound(): Promise<boolean> {
  const context = audioContext()
  // A locked context never answers `resume`, so its state is looked at shortly after.
  await Promise.race([context.resume(), new Promise((done) => setTimeout(done, 300))])
  return context.state === 'running'
}
