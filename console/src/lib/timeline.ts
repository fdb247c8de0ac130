/** The call's events in words: which message, with which names in it. */
import { computed, type ComputedRef } from 'vue'
import type { CallEvent, ContactDetail } from '@/api/types'
import { useWords } from '@/i18n/words'
import { useFloor } from '@/stores/floor'
import { duration } from './format'
import type { Tone } from './tones'

export interface Moment {
  id: string
  at: string
  text: string
  tone: Tone
  /** The first part of the event's name; it chooses the picture. */
  kind: string
  /** For engineers: hidden until asked for. */
  technical: boolean
  /** Second of the recording, when the event lies inside it. */
  second: number | null
}

/** Never news by themselves. */
const TECHNICAL = new Set([
  'agent.phone_changed',
  'agent.state_changed',
  'call.answered',
  'leg.answered',
  'leg.ended',
  'leg.rung',
  'menu.entered',
  'turn.heard',
])
/** Outcomes that the following "connected" tells already. */
const EXPECTED = new Set(['accepted', 'answered'])

const fateOf = (event: CallEvent): string => textOf(event.body.result ?? event.body.exit)

const isTechnical = (event: CallEvent): boolean =>
  TECHNICAL.has(event.name) || EXPECTED.has(fateOf(event))

const textOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : ''

function toneOf(event: CallEvent): Tone {
  if (event.name.endsWith('.failed')) return 'bad'
  if (event.name === 'call.connected') return 'accent'
  if (event.name === 'ticket.created') return 'ok'
  const fate = fateOf(event)
  return fate && !EXPECTED.has(fate) && fate !== 'caller_gone' ? 'warn' : ''
}

/** Which agent each connection was with: the segments have the same order. */
function connectedWith(call: ContactDetail): Map<string, string> {
  const connections = call.events.filter((event) => event.name === 'call.connected')
  return new Map(connections.map((event, at) => [event.id, call.segments[at]?.agent ?? '']))
}

function secondOf(event: CallEvent, call: ContactDetail): number | null {
  const zero = call.recording?.started_at
  if (!zero || !call.recording?.seconds) return null
  const second = (Date.parse(event.at) - Date.parse(zero)) / 1000
  return second >= 0 && second <= call.recording.seconds ? second : null
}

export function useTimeline(call: () => ContactDetail): ComputedRef<Moment[]> {
  const { t, te, word } = useWords()
  const floor = useFloor()
  void floor.knowAgents()

  function agentName(login: string): string {
    const mine = call().agent
    if (mine && mine.login === login) return mine.name
    return floor.agents?.find((one) => one.login === login)?.name || login || t('events.someone')
  }

  function queueName(key: string): string {
    const mine = call().queue
    if (mine?.key === key) return mine.name
    return floor.queues?.find((one) => one.key === key)?.name ?? key
  }

  function words(event: CallEvent, connected: Map<string, string>): string {
    if (!te(`events.${event.name}`)) return t('events.other', { name: event.name })
    const body = event.body
    return t(`events.${event.name}`, {
      agent: agentName(textOf(body.login) || (connected.get(event.id) ?? '')),
      queue: queueName(textOf(body.queue)),
      key: textOf(body.key),
      node: textOf(body.node),
      outcome: textOf(body.outcome),
      sink: textOf(body.sink),
      no: textOf(body.no),
      ring: textOf(body.ring_s),
      reason: word('calls.end', textOf(body.reason)),
      exit: word('events.exit', textOf(body.exit)),
      cause: word('events.cause', textOf(body.cause)),
      way: textOf(body.to) ? queueName(textOf(body.to)) : word('events.way', textOf(body.kind)),
      place: textOf(body.position),
      wait: typeof body.ewt_s === 'number' ? duration(body.ewt_s) : t('events.unknownWait'),
      why: word('events.why', textOf(body.reason)),
      length: duration(Number(body.seconds ?? 0)),
      result: word('events.result', textOf(body.result)),
      speaker: word('transcript.speaker', textOf(body.speaker)),
      state: word('agentState', textOf(body.state)),
      waited: duration(Number(body.waited_s ?? 0)),
    })
  }

  return computed(() => {
    const connected = connectedWith(call())
    return call().events.map((event) => ({
      id: event.id,
      at: event.at,
      text: words(event, connected),
      tone: toneOf(event),
      kind: event.name.split('.')[0] ?? '',
      technical: isTechnical(event) || !te(`events.${event.name}`),
      second: secondOf(event, call()),
    }))
  })
}
