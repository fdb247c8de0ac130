/** The one place that talks HTTP: JSON in, JSON or a typed problem out. */
import type { Problem } from './types'

/** A refused or failed request; `code` is translated by the pages. */
export class ApiError extends Error {
  readonly code: string
  readonly status: number
  readonly params: Record<string, unknown>

  constructor(code: string, status: number, params: Record<string, unknown> = {}) {
    super(code)
    this.code = code
    this.status = status
    this.params = params
  }
}

type QueryValue = string | number | undefined | null
type Query = Record<string, QueryValue>

interface Options {
  query?: object
  body?: unknown
  signal?: AbortSignal
  /** Statuses whose body is an answer too, such as 503 of the readiness page. */
  accept?: number[]
}

let onSignedOut: () => void = () => undefined

/** Called once by the shell: what to do when the server no longer knows the session. */
export function whenSignedOut(react: () => void): void {
  onSignedOut = react
}

function address(path: string, query: object = {}): string {
  const search = new URLSearchParams()
  for (const [key, value] of Object.entries(query as Query)) {
    if (value !== undefined && value !== null && value !== '') search.set(key, String(value))
  }
  const text = search.toString()
  return text ? `${path}?${text}` : path
}

const encoded = (body: unknown): string | null =>
  body === undefined ? null : JSON.stringify(body)

function settings(method: string, options: Options): RequestInit {
  const headers: Record<string, string> = { Accept: 'application/json' }
  if (method !== 'GET') headers['X-Callwright'] = '1'
  // The browser itself names the type of a form, with its boundary.
  const isForm = options.body instanceof FormData
  if (options.body !== undefined && !isForm) headers['Content-Type'] = 'application/json'
  return {
    method,
    headers,
    credentials: 'same-origin',
    signal: options.signal ?? null,
    body: isForm ? (options.body as FormData) : encoded(options.body),
  }
}

async function problemOf(response: Response): Promise<ApiError> {
  let problem: Problem = {}
  try {
    problem = (await response.json()) as Problem
  } catch {
    // A proxy in between answers in HTML: the status alone tells what happened.
  }
  return new ApiError(problem.code ?? `http_${response.status}`, response.status, problem.params)
}

async function send(method: string, path: string, options: Options): Promise<Response> {
  try {
    return await fetch(address(path, options.query), settings(method, options))
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw new ApiError('network_unreachable', 0)
  }
}

/** Send a request; resolves with the decoded body, rejects with `ApiError` (or `AbortError`). */
export async function request<T>(method: string, path: string, options: Options = {}): Promise<T> {
  const response = await send(method, path, options)
  if (!response.ok && !options.accept?.includes(response.status)) {
    const error = await problemOf(response)
    if (error.status === 401 && path !== '/api/v1/session') onSignedOut()
    throw error
  }
  if (response.status === 204) return undefined as T
  try {
    return (await response.json()) as T
  } catch {
    throw new ApiError('answer_unreadable', response.status)
  }
}
