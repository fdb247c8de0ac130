/** Gives the focus back to where it was, such as into half a sentence, when a panel closes. */
import { watch, type Ref } from 'vue'

export function useFocusReturn(open: Ref<boolean>): (event: Event) => void {
  let before: Element | null = null
  watch(open, (now) => {
    if (now) before = document.activeElement
  }, { flush: 'sync' })
  return (event) => {
    if (!(before instanceof HTMLElement) || !before.isConnected || before === document.body) return
    event.preventDefault()
    before.focus({ preventScroll: true })
  }
}
