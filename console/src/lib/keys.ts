/** Keyboard facts that every shortcut has to respect. */

/** Chinese input methods use Enter and letters themselves while a word is being composed. */
export const composing = (event: KeyboardEvent): boolean =>
  event.isComposing || event.keyCode === 229

/** Whether plain keys belong to what has the focus: a text, a menu, a dialog. */
export function isTaken(target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false
  const owners = 'input, textarea, select, [contenteditable], [role="menu"], [role="dialog"][aria-modal="true"]'
  return target.closest(owners) !== null
}

export const withModifier = (event: KeyboardEvent): boolean =>
  event.ctrlKey || event.metaKey || event.altKey
