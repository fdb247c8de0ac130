/** The desk's keys: Alt+1/2/3 to a column, Alt+N to the note, Ctrl+Enter submits. */
import { onMounted, onUnmounted } from 'vue'

export interface DeskKeys {
  column: (index: number) => void
  note: () => void
  submit: () => void
}

/** By place, not by letter: Option types signs on a Mac. */
const COLUMNS = ['Digit1', 'Digit2', 'Digit3']

export function useDeskKeys(keys: DeskKeys): void {
  function withAlt(code: string): (() => void) | null {
    if (code === 'KeyN') return keys.note
    const column = COLUMNS.indexOf(code)
    return column < 0 ? null : () => keys.column(column)
  }

  function actionOf(event: KeyboardEvent): (() => void) | null {
    if (event.isComposing || event.shiftKey || event.repeat) return null
    const control = event.ctrlKey || event.metaKey
    if (event.altKey) return control ? null : withAlt(event.code)
    return control && event.key === 'Enter' ? keys.submit : null
  }

  function pressed(event: KeyboardEvent): void {
    if (event.defaultPrevented) return
    const action = actionOf(event)
    if (!action) return
    event.preventDefault()
    action()
  }

  onMounted(() => addEventListener('keydown', pressed))
  onUnmounted(() => removeEventListener('keydown', pressed))
}
