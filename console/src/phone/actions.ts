/** What a phone key is pressed for, handed to whoever does it: the bar, the desk's note. */
import { onMounted, onUnmounted } from 'vue'
import { usePhoneSettings } from '@/stores/phoneSettings'
import { actionOf, type Action } from './keys'

type Handler = () => void

const handlers = new Map<Action, Handler>()

/** Do something at an action's key while the calling component lives. */
export function onAction(action: Action, handler: Handler): void {
  onMounted(() => handlers.set(action, handler))
  onUnmounted(() => {
    if (handlers.get(action) === handler) handlers.delete(action)
  })
}

/** Do what the action's key would do now. */
export const perform = (action: Action): void => handlers.get(action)?.()

/** Read the keys of the whole page; once, by the shell's bar. */
export function usePhoneKeys(): void {
  const settings = usePhoneSettings()
  function pressed(event: KeyboardEvent): void {
    if (event.defaultPrevented) return
    const action = actionOf(event, settings.keys)
    const handler = action ? handlers.get(action) : undefined
    if (!handler) return
    event.preventDefault()
    handler()
  }
  onMounted(() => addEventListener('keydown', pressed))
  onUnmounted(() => removeEventListener('keydown', pressed))
}
