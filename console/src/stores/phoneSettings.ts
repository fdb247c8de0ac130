/** What a person chose for the phone in this browser: devices, volume of the ring, keys. */
import { defineStore } from 'pinia'
import { reactive, ref, watch } from 'vue'
import type { AudioChoice } from '@/phone/audio'
import { DEFAULT_KEYS, keysFrom, rebound, type Action, type KeyMap } from '@/phone/keys'

const KEY = 'callwright.phone'
const CHECKED = 'callwright.phone.checked'

interface Stored {
  audio?: Partial<AudioChoice>
  keys?: unknown
}

function stored(): Stored {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? '{}') as Stored
  } catch {
    return {}
  }
}

export const usePhoneSettings = defineStore('phoneSettings', () => {
  const kept = stored()
  const audio = reactive<AudioChoice>({
    microphone: '',
    headset: '',
    ringer: '',
    volume: 1,
    ...kept.audio,
  })
  const keys = ref<KeyMap>(keysFrom(kept.keys))
  /** Whether this tab's session has passed the device check. */
  const checked = ref(sessionStorage.getItem(CHECKED) === '1')

  watch([audio, keys], () =>
    localStorage.setItem(KEY, JSON.stringify({ audio, keys: keys.value } satisfies Stored)),
  )

  function pass(): void {
    checked.value = true
    sessionStorage.setItem(CHECKED, '1')
  }

  const bind = (action: Action, chord: string): void =>
    void (keys.value = rebound(keys.value, action, chord))
  const resetKeys = (): void => void (keys.value = { ...DEFAULT_KEYS })

  return { audio, keys, checked, pass, bind, resetKeys }
})
