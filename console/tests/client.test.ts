/** Requests: the header against forgery, typed problems, the end of the session. */
import { afterEach, expect, it, vi } from 'vitest'
import { ApiError, request, whenSignedOut } from '@/api/client'

const asked: { url: string; init: RequestInit }[] = []

function serve(answer: Response | Error): void {
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    asked.push({ url, init })
    if (answer instanceof Error) throw answer
    return answer
  })
}

afterEach(() => {
  asked.length = 0
  vi.unstubAllGlobals()
})

it('leaves out empty filters and marks only changes with the header', async () => {
  serve(Response.json({ items: [] }))
  await request('GET', '/api/v1/contacts', { query: { q: '退款', state: undefined, agent: '' } })
  expect(asked[0]?.url).toBe(`/api/v1/contacts?q=${encodeURIComponent('退款')}`)
  expect(asked[0]?.init.headers).not.toHaveProperty('X-Callwright')
  serve(new Response(null, { status: 204 }))
  await request('DELETE', '/api/v1/session')
  expect(asked[1]?.init.headers).toHaveProperty('X-Callwright', '1')
})

it('a problem document becomes its code and parameters', async () => {
  serve(Response.json({ code: 'wrong_state', params: { state: 'talking' } }, { status: 409 }))
  const failed = request('POST', '/api/v1/agents/a/state', { body: {} })
  await expect(failed).rejects.toMatchObject({ code: 'wrong_state', status: 409, params: { state: 'talking' } })
})

it('an answer that is no JSON, and no answer at all, are told apart', async () => {
  serve(new Response('<html>', { status: 502 }))
  await expect(request('GET', '/x')).rejects.toMatchObject({ code: 'http_502' })
  serve(new TypeError('failed to fetch'))
  await expect(request('GET', '/x')).rejects.toBeInstanceOf(ApiError)
  await expect(request('GET', '/x')).rejects.toMatchObject({ code: 'network_unreachable' })
})

it('401 ends the session, except where somebody is signing in', async () => {
  const ended = vi.fn()
  whenSignedOut(ended)
  serve(Response.json({ code: 'not_signed_in' }, { status: 401 }))
  await expect(request('POST', '/api/v1/session', { body: {} })).rejects.toBeInstanceOf(ApiError)
  expect(ended).not.toHaveBeenCalled()
  serve(Response.json({ code: 'not_signed_in' }, { status: 401 }))
  await expect(request('GET', '/api/v1/contacts')).rejects.toBeInstanceOf(ApiError)
  expect(ended).toHaveBeenCalledOnce()
})
