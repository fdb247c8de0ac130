/** The way to "ready": through the device check where a browser is the phone. */
import { defineStore } from 'pinia'
import { ref } from 'vue'
import { usePhone } from './phone'
import { usePhoneLine } from './phoneLine'
import { usePhoneSettings } from './phoneSettings'

export const usePhoneCheck = defineStore('phoneCheck', () => {
  const open = ref(false)
  const keysOpen = ref(false)
  const phone = usePhone()
  const line = usePhoneLine()
  const settings = usePhoneSettings()

  /** A desk phone needs no check, and the tab that has the phone has passed its own. */
  function goReady(): void {
    const elsewhere = phone.agent?.phone === 'sip' || line.place === 'elsewhere'
    if (settings.checked || elsewhere) void phone.setState('ready')
    else open.value = true
  }

  /** The check was passed. */
  async function finish(): Promise<void> {
    settings.pass()
    if (await phone.setState('ready')) open.value = false
  }

  return { open, keysOpen, goReady, finish }
})
