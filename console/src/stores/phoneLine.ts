/** This tab's line: who leads, the registration, the leg, the ring. Pages use `stores/phone` instead. */
import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import { ApiError } from '@/api/client'
import * as api from '@/api/phone'
import { Alerts, badge, factsOf, notification, soundOf } from '@/phone/alerts'
import { BackOff } from '@/phone/backoff'
import type { Engine } from '@/phone/engine'
import { Leader } from '@/phone/leader'
import { isLive, NO_LEG, type Leg } from '@/phone/leg'
import { rememberMute, wasMuted } from '@/phone/muteMemory'
import { isForgotten, shouldRejoin, type Situation } from '@/phone/rejoin'
import { Ticker } from '@/phone/ticker'
import { useDesk } from './desk'
import { useLive } from './live'
import { usePhoneSettings } from './phoneSettings'

/** Where the phone is: here, in another tab, or nowhere because the page may not have one. */
export type Place = 'none' | 'here' | 'elsewhere' | 'insecure'

const DOWN_MS = 2500

export const usePhoneLine = defineStore('phoneLine', () => {
  const desk = useDesk()
  const live = useLive()
  const settings = usePhoneSettings()
  const place = ref<Place>('none')
  const connected = ref(false)
  const registered = ref(false)
  const muted = ref(false)
  const leg = shallowRef<Leg>(NO_LEG)
  /** The server's clock less this browser's, in milliseconds, when it was last asked. */
  const skew = ref<number | null>(null)
  const refused = shallowRef<ApiError | null>(null)
  const engine = shallowRef<Engine | null>(null)
  const backOff = new BackOff()
  /** No registration for longer than a moment. */
  const lost = ref(false)
  let downSince = 0
  let legSince = 0
  let askedAt = -Infinity
  let registering = false
  let leader: Leader | null = null
  let ticker: Ticker | null = null
  let alerts: Alerts | null = null
  let loading: Promise<Engine> | null = null

  const ringFacts = computed(() => {
    const rings = place.value === 'here' && leg.value.state === 'ringing'
    return rings ? factsOf(leg.value, desk.call) : null
  })
  watch(ringFacts, (facts) => (facts ? alerts?.ring(facts) : alerts?.stop()), { flush: 'sync' })

  /** The phone's program; loaded once, however many ask for it at the same time. */
  function load(): Promise<Engine> {
    loading ??= made().catch((error: unknown) => {
      loading = null
      throw error
    })
    return loading
  }

  async function made(): Promise<Engine> {
    const module = await import('@/phone/engine')
    const one = new module.Engine({
      leg: legMoved,
      connected: (on) => (connected.value = on),
      registered: (on) => (registered.value = on),
      refused: () => (registering = false),
    })
    engine.value = one
    alerts = new Alerts([soundOf(one.audio.ringer), badge, notification])
    watch(settings.audio, (choice) => void one.audio.use({ ...choice }), { immediate: true })
    return one
  }

  function legMoved(next: Leg): void {
    legSince = Date.now()
    if (next.state === 'ringing') {
      desk.missed = null
      const keep = next.kind === 'attach' && wasMuted(next.contact)
      mute(keep)
    }
    if (next.state === 'ended') rememberMute(null)
    leg.value = next
  }

  const learnSkew = (serverTime: string): void =>
    void (skew.value = Date.parse(serverTime) - Date.now())

  async function register(): Promise<void> {
    registering = true
    try {
      const made = await load()
      const account = await api.phoneAccount()
      learnSkew(account.server_time)
      refused.value = null
      backOff.succeeded()
      if (place.value === 'here') made.register(account)
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      refused.value = error
      registering = false
      backOff.failed(Date.now())
    }
  }

  const situation = (): Situation => ({
    now: Date.now(),
    leg: leg.value,
    legSince,
    askedAt,
    call: desk.call,
    agent: desk.agent,
  })

  async function rejoin(contact: string): Promise<void> {
    askedAt = Date.now()
    try {
      await api.attach(contact)
    } catch (error) {
      // The call may have ended meanwhile; the desk's topic tells, the next tick asks again.
      if (!(error instanceof ApiError)) throw error
    }
  }

  function tick(): void {
    if (place.value !== 'here') return
    if (!registering && backOff.isDue(Date.now())) void register()
    engine.value?.tick(Date.now())
    if (registered.value) downSince = Date.now()
    lost.value = Date.now() - downSince > DOWN_MS
    // Without the live socket nobody here knows whether the call still goes on.
    if (live.state === 'open' && desk.loaded) keepTogether(situation())
  }

  /** The platform's call and this browser's leg belong together: join it again, or let it go. */
  function keepTogether(now: Situation): void {
    if (registered.value && now.call && shouldRejoin(now)) void rejoin(now.call.contact_id)
    else if (isForgotten(now)) engine.value?.hangUp()
  }

  function gained(): void {
    place.value = 'here'
    downSince = Date.now()
    registering = false
    // Allowed before: opened without asking, so that a call can be answered at once.
    if (settings.checked) void openMicrophone()
    tick()
  }

  function ousted(): void {
    place.value = 'elsewhere'
    lost.value = false
    registered.value = false
    connected.value = false
    engine.value?.retire()
  }

  async function openMicrophone(): Promise<void> {
    await (await load()).audio.openMicrophone().catch(() => undefined)
  }

  const hurry = (): void => engine.value?.hurry(Date.now())

  /** Become this browser's phone, or wait for the tab that is. */
  function start(): void {
    if (leader) return
    if (!window.isSecureContext) {
      place.value = 'insecure'
      return
    }
    place.value = 'elsewhere'
    ticker = new Ticker()
    ticker.each(tick)
    leader = new Leader({ gained, lost: ousted })
    leader.start()
    addEventListener('online', hurry)
  }

  function stop(): void {
    removeEventListener('online', hurry)
    leader?.stop()
    ticker?.stop()
    alerts?.stop()
    engine.value?.close()
    engine.value = null
    loading = null
    leader = ticker = alerts = null
    place.value = 'none'
    lost.value = false
    registered.value = connected.value = false
    leg.value = NO_LEG
  }

  function mute(on: boolean): void {
    muted.value = on
    rememberMute(on ? leg.value.contact : null)
    engine.value?.mute(on)
  }

  /** Loudness just now, from 0 to 1; one's own is nothing while muted. */
  function level(whose: 'mine' | 'theirs'): number {
    const audio = engine.value?.audio
    const meter = whose === 'mine' ? audio?.microphone.meter : audio?.talk.meter
    return meter && !(whose === 'mine' && muted.value) ? meter.read() : 0
  }

  return {
    place,
    level,
    lost,
    leader: computed(() => place.value === 'here'),
    connected,
    registered,
    muted,
    leg,
    skew,
    learnSkew,
    refused,
    ringFacts,
    live: computed(() => isLive(leg.value.state)),
    engine,
    load,
    start,
    stop,
    mute,
    answer: () => engine.value?.answer(),
    decline: () => engine.value?.decline(),
    hangUp: () => engine.value?.hangUp(),
    digit: (tone: string) => engine.value?.digit(tone),
    takeOver: () => leader?.takeOver(),
  }
})
