/** Marks in the browser's timeline from the ring event to the painted card. */
import { nextTick } from 'vue'

export const RING = 'desk:ring'
export const PAINTED = 'desk:painted'

const frame = (): Promise<unknown> => new Promise((done) => requestAnimationFrame(done))

/** Call it in the moment the ring arrives; two frames later its pixels are on the screen. */
export async function markRing(contact: string): Promise<void> {
  performance.mark(RING, { detail: contact })
  await nextTick()
  await frame()
  await frame()
  performance.mark(PAINTED, { detail: contact })
}
