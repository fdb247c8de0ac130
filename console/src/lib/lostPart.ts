/** A part of the program that did not come. The page never asks for it again; a whole load does. */
const KEY = 'callwright.loadedAgain'
const PAUSE_MS = 30_000

/** Load the page at `path` anew; false when the platform is not there, or that was just tried. */
export async function loadAgain(path: string): Promise<boolean> {
  if (Date.now() - Number(sessionStorage.getItem(KEY) ?? 0) < PAUSE_MS) return false
  try {
    await fetch(path, { method: 'HEAD', cache: 'no-store' })
  } catch {
    return false
  }
  sessionStorage.setItem(KEY, String(Date.now()))
  location.assign(path)
  return true
}
