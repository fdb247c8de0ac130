/** Half-typed text of one contact, kept in this tab until the server has it; it outlives the sign-in page. */

const PREFIX = 'callwright.kept'

export interface Keep<T> {
  read: () => T | null
  write: (value: T) => void
  forget: () => void
}

/** One kept value of `what` (such as `note`) of a contact, for one person only. */
export function keep<T>(what: string, login: string, contact: string): Keep<T> {
  const key = `${PREFIX}.${what}.${login}.${contact}`
  return {
    read: () => {
      const kept = sessionStorage.getItem(key)
      return kept === null ? null : (JSON.parse(kept) as T)
    },
    write: (value) => sessionStorage.setItem(key, JSON.stringify(value)),
    forget: () => sessionStorage.removeItem(key),
  }
}

/** Contacts of which this person still has something unsaved in this tab. */
export function keptContacts(what: string, login: string): string[] {
  const prefix = `${PREFIX}.${what}.${login}.`
  return Object.keys(sessionStorage)
    .filter((key) => key.startsWith(prefix))
    .map((key) => key.slice(prefix.length))
}
