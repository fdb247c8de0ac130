/** Whether this tab muted the talk it is in: a reload must not let the room be heard. */

const KEY = 'callwright.phone.muted'

export function rememberMute(contact: string | null): void {
  if (contact) sessionStorage.setItem(KEY, contact)
  else sessionStorage.removeItem(KEY)
}

export const wasMuted = (contact: string): boolean => sessionStorage.getItem(KEY) === contact
