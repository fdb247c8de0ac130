/** What the call's page shares with its player: where it is, and jump, play, pause. */
import { computed, ref, shallowRef } from 'vue'
import type { Turn } from '@/api/types'

/** The part of the waveform player that others may drive. */
export interface Deck {
  setTime: (seconds: number) => void
  play: () => Promise<void>
  pause: () => void
}

export function createPlayer() {
  const deck = shallowRef<Deck | null>(null)
  const time = ref(0)
  const playing = ref(false)
  const seconds = ref(0)
  const ready = computed(() => deck.value !== null)

  /** The player is ready: `length` seconds long. */
  function attach(to: Deck, length: number): void {
    deck.value = to
    seconds.value = length
  }

  function detach(): void {
    deck.value = null
    playing.value = false
  }

  function seek(to: number): void {
    const end = seconds.value || to
    time.value = Math.min(Math.max(0, to), end)
    deck.value?.setTime(time.value)
  }

  async function playFrom(to: number): Promise<void> {
    seek(to)
    await deck.value?.play()
  }

  async function toggle(): Promise<void> {
    if (playing.value) deck.value?.pause()
    else await deck.value?.play()
  }

  return { time, playing, seconds, ready, attach, detach, seek, playFrom, toggle }
}

export type Player = ReturnType<typeof createPlayer>

/** The turn that sounds at `time`: the last one that has begun; null before the first. */
export function turnAt(turns: readonly Turn[], time: number): Turn | null {
  let found: Turn | null = null
  for (const turn of turns) if (turn.start <= time && (!found || turn.start >= found.start)) found = turn
  return found
}
