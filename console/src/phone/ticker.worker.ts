/** A clock that browsers do not slow down in hidden tabs. */
const EVERY_MS = 500

setInterval(() => postMessage(0), EVERY_MS)
