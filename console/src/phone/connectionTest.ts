/** The connection test: each step's light, its words, and what it means for making calls. */
import { ref } from 'vue'
import { ApiError } from '@/api/client'
import { phoneAccount } from '@/api/phone'
import { useLive } from '@/stores/live'
import { usePhoneLine } from '@/stores/phoneLine'
import { clockFinding, HEARD, type Light } from './check'
import { MicrophoneError } from './microphone'
import { isRough, measure, type Quality } from './quality'
import { gather, loop, trySocket } from './trials'

export const STEPS = [
  'secure',
  'microphone',
  'live',
  'socket',
  'register',
  'candidates',
  'loopback',
  'talk',
  'clock',
] as const
export type Step = (typeof STEPS)[number]

const LOOKS = 20
const LOOK_MS = 100

/** What a step found: `code` names its words under `phone.connection.says`. */
export interface Result {
  light: Light
  code: string
  params: Record<string, string | number>
}

const result = (light: Light, code: string = light, params: Result['params'] = {}): Result => ({
  light,
  code,
  params,
})
const ofQuality = (quality: Quality): Result =>
  isRough(quality) ? result('warn', 'warn', { ...quality }) : result('ok', 'ok', { ...quality })

export type Verdict = 'ok' | 'warn' | 'bad'

/** The worst light is the verdict; the first red step is why. */
export function verdictOf(results: Partial<Record<Step, Result>>): [Verdict, Step | null] {
  const red = STEPS.find((step) => results[step]?.light === 'bad') ?? null
  if (red) return ['bad', red]
  return [STEPS.some((step) => results[step]?.light === 'warn') ? 'warn' : 'ok', null]
}

export function useConnectionTest() {
  const line = usePhoneLine()
  const live = useLive()
  const results = ref<Partial<Record<Step, Result>>>({})
  const running = ref<Step | null>(null)
  const done = ref(false)
  const account = { user: '', websocket: '/sip', iceServers: [] as RTCIceServer[] }

  /** Whether any sound came within a moment; an open microphone may still be a silent one. */
  async function isHeard(): Promise<boolean> {
    for (let look = 0; look < LOOKS; look += 1) {
      if (line.level('mine') > HEARD) return true
      await new Promise((next) => setTimeout(next, LOOK_MS))
    }
    return false
  }

  async function microphone(): Promise<Result> {
    try {
      await (await line.load()).audio.openMicrophone()
      return (await isHeard()) ? result('ok') : result('warn', 'quiet')
    } catch (error) {
      if (!(error instanceof MicrophoneError)) throw error
      return result('bad', error.fault)
    }
  }

  async function socket(): Promise<Result> {
    try {
      const given = await phoneAccount()
      account.user = given.username
      account.websocket = given.websocket
      account.iceServers = given.ice_servers
      line.learnSkew(given.server_time)
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      return result('bad', error.status === 0 ? 'bad' : 'denied')
    }
    const ms = await trySocket(account.websocket)
    if (ms === null) return result('bad')
    return ms < 0 ? result('bad', 'denied') : result('ok', 'ok', { n: ms })
  }

  function register(): Result {
    if (line.registered) return result('ok', 'ok', { user: account.user })
    return line.place === 'elsewhere' ? result('ok', 'elsewhere') : result('bad')
  }

  async function candidates(): Promise<Result> {
    const { hidden, ...found } = await gather(account.iceServers)
    if (found.host + found.srflx + found.relay === 0) return result('bad')
    return hidden ? result('warn', 'hidden') : result('ok', 'ok', found)
  }

  async function loopback(): Promise<Result> {
    const quality = await loop()
    return quality ? ofQuality(quality) : result('bad')
  }

  async function talk(): Promise<Result> {
    const connection = line.engine?.connection
    const quality = connection ? await measure(connection) : null
    return quality ? ofQuality(quality) : result('ok', 'none')
  }

  function clock(): Result {
    const n = Math.round(Math.abs(line.skew ?? 0) / 100) / 10
    return clockFinding(line.skew) === 'ok' ? result('ok', 'ok', { n }) : result('warn', 'off', { n })
  }

  const trials: Record<Step, () => Result | Promise<Result>> = {
    secure: () => result(window.isSecureContext ? 'ok' : 'bad'),
    microphone,
    live: () => result(live.state === 'open' ? 'ok' : 'bad'),
    socket,
    register,
    candidates,
    loopback,
    talk,
    clock,
  }

  /** One step after the other, so that each stands on what the ones before showed. */
  async function run(): Promise<void> {
    if (running.value) return
    done.value = false
    results.value = {}
    for (const step of STEPS) {
      running.value = step
      results.value[step] = await trials[step]()
    }
    running.value = null
    done.value = true
  }

  return { results, running, done, run }
}
