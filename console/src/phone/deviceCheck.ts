/** Looks at each item of the device check and keeps looking while the dialog is open. */
import { computed, onMounted, onUnmounted, reactive, ref, shallowRef } from 'vue'
import { usePhoneLine } from '@/stores/phoneLine'
import {
  CHECKING,
  clockFinding,
  HEARD,
  lineFinding,
  notificationFinding,
  passes,
  type Findings,
} from './check'
import { MicrophoneError } from './microphone'
import { listDevices, type Devices } from './outputs'
import { unlockSound } from './sound'

const LOOK_MS = 100

export function useDeviceCheck() {
  const line = usePhoneLine()
  const own = reactive({ microphone: CHECKING, speaker: 'ask', sound: CHECKING, notification: CHECKING })
  const devices = shallowRef<Devices>({ inputs: [], outputs: [] })
  const level = ref(0)
  let timer: ReturnType<typeof setInterval> | undefined

  const found = computed<Findings>(() => ({
    ...own,
    line: lineFinding({
      place: line.place,
      registered: line.registered,
      refused: line.refused !== null,
      lost: line.lost,
    }),
    clock: clockFinding(line.skew),
  }))

  async function lookAtMicrophone(): Promise<void> {
    own.microphone = CHECKING
    try {
      await (await line.load()).audio.openMicrophone()
      own.microphone = 'quiet'
      devices.value = await listDevices()
    } catch (error) {
      if (!(error instanceof MicrophoneError)) throw error
      own.microphone = error.fault
    }
  }

  async function lookAtSound(): Promise<void> {
    own.sound = (await unlockSound()) ? 'ok' : 'locked'
  }

  function listen(): void {
    level.value = line.level('mine')
    if (own.microphone === 'quiet' && level.value > HEARD) own.microphone = 'ok'
  }

  async function look(): Promise<void> {
    own.notification = notificationFinding()
    // An open microphone unlocks the sound, so it is asked for first.
    await lookAtMicrophone()
    await lookAtSound()
  }

  /** The speaker test: the ring, once, where calls will ring. */
  async function test(): Promise<void> {
    ;(await line.load()).audio.ringer.once()
    await lookAtSound()
  }

  async function allowNotifications(): Promise<void> {
    await Notification.requestPermission()
    own.notification = notificationFinding()
  }

  onMounted(() => {
    timer = setInterval(listen, LOOK_MS)
    void look()
  })
  onUnmounted(() => clearInterval(timer))

  return {
    found,
    devices,
    level,
    passed: computed(() => passes(found.value)),
    look,
    test,
    heard: (yes: boolean) => (own.speaker = yes ? 'ok' : 'deaf'),
    allowNotifications,
  }
}
