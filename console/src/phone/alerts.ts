/** All channels of a ring, started together and stopped together. */
import { i18n } from '@/i18n'
import type { DeskCall } from '@/types/desk'
import { badgeFavicon } from './favicon'
import type { Leg } from './leg'
import type { Ringer } from './ringer'

export interface RingFacts {
  contact: string
  /** In the reader's words. */
  title: string
  body: string
}

function titleOf(call: DeskCall | null): string {
  const { t } = i18n.global
  const name = call?.card.customer?.name ?? t('calls.unknown')
  const from = call?.by.from?.name
  if (from) return t('phone.ring.from', { name, from })
  return t(call?.by.kind === 'callback' ? 'phone.ring.callback' : 'phone.ring.title', { name })
}

/** Who calls, as far as the desk has heard of the leg's call yet. */
export function factsOf(leg: Leg, desk: DeskCall | null): RingFacts {
  const call = desk?.contact_id === leg.contact ? desk : null
  return { contact: leg.contact, title: titleOf(call), body: call?.card.number ?? '' }
}

/** One way to be told of a call. It starts anew when what `key` names has changed. */
export interface Channel {
  key: (call: RingFacts) => string
  /** Returns what ends it. */
  start: (call: RingFacts) => () => void
}

interface Running {
  key: string
  stop: () => void
}

export class Alerts {
  private readonly running = new Map<Channel, Running>()

  constructor(private readonly channels: Channel[]) {}

  /** Ring for a call; told again of the same one, only what changed is shown anew. */
  ring(call: RingFacts): void {
    for (const channel of this.channels) {
      const key = channel.key(call)
      if (this.running.get(channel)?.key === key) continue
      this.end(channel)
      this.running.set(channel, { key, stop: channel.start(call) })
    }
  }

  stop(): void {
    for (const channel of [...this.running.keys()]) this.end(channel)
  }

  private end(channel: Channel): void {
    const running = this.running.get(channel)
    this.running.delete(channel)
    running?.stop()
  }
}

export const soundOf = (ringer: Ringer): Channel => ({
  key: (call) => call.contact,
  start: () => {
    ringer.start()
    return () => ringer.stop()
  },
})

export const badge: Channel = { key: (call) => call.contact, start: badgeFavicon }

/** The system's own notification, which stays until the ring ends; a click leads to the tab. */
export const notification: Channel = {
  key: (call) => `${call.contact} ${call.title} ${call.body}`,
  start: (call) => {
    if (!('Notification' in window) || Notification.permission !== 'granted') return () => undefined
    const note = new Notification(call.title, {
      body: call.body,
      tag: call.contact,
      requireInteraction: true,
      icon: '/mark.svg',
    })
    note.onclick = () => {
      window.focus()
      note.close()
    }
    return () => note.close()
  },
}
