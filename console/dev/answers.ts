/** HTTP answers of the stand-in platform. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import * as data from './data'
import { stereoWave } from './wave'

const USER = {
  login: 'admin',
  name: '林晓',
  role: 'supervisor',
  language: null,
  permissions: [
    'calls.read', 'calls.reveal', 'tickets.read', 'agents.read', 'agents.own_state', 'queues.read', 'system.read',
  ],
}

let signedIn = true

const text = async (request: IncomingMessage): Promise<string> => {
  let all = ''
  for await (const part of request) all += String(part)
  return all
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.statusCode = status
  response.setHeader('Content-Type', 'application/json')
  response.end(body === undefined ? '' : JSON.stringify(body))
}

const problem = (response: ServerResponse, status: number, code: string): void =>
  json(response, status, { title: code, status, code, params: {} })

async function session(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method === 'GET') {
    return signedIn ? json(response, 200, { user: USER }) : problem(response, 401, 'not_signed_in')
  }
  if (request.method === 'DELETE') {
    signedIn = false
    return json(response, 204, undefined)
  }
  const body = JSON.parse(await text(request)) as { password: string }
  if (body.password !== 'admin') return problem(response, 401, 'bad_credentials')
  signedIn = true
  json(response, 200, { user: USER })
}

function list(url: URL, response: ServerResponse): void {
  const ask = (name: string): string => url.searchParams.get(name) ?? ''
  const matches = data.contacts().filter((one) => {
    if (ask('state') && one.state !== ask('state')) return false
    if (ask('agent') && one.agent?.login !== ask('agent')) return false
    if (ask('since') && one.started_at < ask('since')) return false
    if (ask('until') && one.started_at >= ask('until')) return false
    return !ask('q') || JSON.stringify(one).includes(ask('q'))
  })
  const from = Number(ask('before') || 0)
  const limit = Number(ask('limit') || 50)
  json(response, 200, {
    items: matches.slice(from, from + limit),
    next: from + limit < matches.length ? String(from + limit) : null,
    as_of: new Date().toISOString(),
  })
}

function recording(request: IncomingMessage, response: ServerResponse): void {
  const wave = stereoWave(100)
  response.setHeader('Content-Type', 'audio/wav')
  response.setHeader('Accept-Ranges', 'bytes')
  const range = /bytes=(\d+)-(\d*)/.exec(request.headers.range ?? '')
  if (!range) return void response.end(wave)
  const from = Number(range[1])
  const to = range[2] ? Number(range[2]) : wave.length - 1
  response.statusCode = 206
  response.setHeader('Content-Range', `bytes ${from}-${to}/${wave.length}`)
  response.end(wave.subarray(from, to + 1))
}

function one(url: URL, request: IncomingMessage, response: ServerResponse): void {
  const [, , , , id, rest] = url.pathname.split('/')
  if (rest === 'recording') return recording(request, response)
  if (rest === 'reveal') return json(response, 200, { value: '13800005678' })
  const found = data.detail(id ?? '')
  return found ? json(response, 200, found) : problem(response, 404, 'not_found')
}

const HEALTH = {
  ok: false,
  parts: {
    database: { ok: true, detail: 'PostgreSQL 18.1' },
    pbx: { ok: true, detail: 'Asterisk 22.10.1' },
    speech: { ok: false, detail: 'model not installed: run callwright models get' },
  },
}

export async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://mock')
  const path = url.pathname
  if (path === '/api/v1/session') return session(request, response)
  if (path === '/api/v1/contacts') return list(url, response)
  if (path.startsWith('/api/v1/contacts/')) return one(url, request, response)
  if (path === '/api/v1/tickets') return json(response, 200, { items: data.tickets(), next: null })
  if (path === '/api/v1/agents') return json(response, 200, data.agents())
  if (path.startsWith('/api/v1/agents/')) return problem(response, 409, 'wrong_state')
  if (path === '/api/v1/queues') return json(response, 200, data.queues())
  if (path === '/readyz') return json(response, 503, HEALTH)
  problem(response, 404, 'not_found')
}
