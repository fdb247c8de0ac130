/** Fails when the first load or a page's own files outgrow the budget (gzip bytes). */
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

const FIRST_LOAD = 200 * 1024
const ROUTE = 220 * 1024
const SHELL = ['src/components/shell/AppShell.vue', 'src/i18n/messages/zh-Hans.ts']

const manifest = JSON.parse(readFileSync('dist/.vite/manifest.json', 'utf8'))
const entry = Object.keys(manifest).find((key) => manifest[key].isEntry)

/** Every file that `key` needs at once: its own, its styles and its static imports. */
function needs(key, found = new Set()) {
  const chunk = manifest[key]
  if (!chunk || found.has(chunk.file)) return found
  found.add(chunk.file)
  for (const style of chunk.css ?? []) found.add(style)
  for (const imported of chunk.imports ?? []) needs(imported, found)
  return found
}

const gzipped = (file) => gzipSync(readFileSync(`dist/${file}`), { level: 9 }).length
const sum = (list) => [...list].reduce((total, file) => total + gzipped(file), 0)
const kilobytes = (bytes) => `${(bytes / 1024).toFixed(1)} KB`

const base = new Set([entry, ...SHELL].flatMap((key) => [...needs(key)]))
let over = false

function report(name, bytes, limit) {
  const fits = bytes <= limit
  over ||= !fits
  process.stdout.write(`${fits ? 'ok  ' : 'OVER'} ${name}: ${kilobytes(bytes)} of ${kilobytes(limit)}\n`)
}

for (const key of Object.keys(manifest).filter((one) => one.startsWith('src/pages/'))) {
  const own = [...needs(key)].filter((file) => !base.has(file))
  report(`${key}, own files`, sum(own), ROUTE)
  if (key.endsWith('CallsPage.vue')) report('first load of the call list', sum(base) + sum(own), FIRST_LOAD)
  // The phone's own program (JsSIP) comes after the desk is painted, in a file of its own.
  if (key.endsWith('DeskPage.vue')) report('first load of the desk, without the phone', sum(base) + sum(own), FIRST_LOAD)
}
process.exitCode = over ? 1 : 0
