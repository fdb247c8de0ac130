/** Sign in, sign out, who am I. */
import { request } from './client'
import type { Session } from './types'

export const readSession = (): Promise<Session> => request('GET', '/api/v1/session')

export const signIn = (login: string, password: string): Promise<Session> =>
  request('POST', '/api/v1/session', { body: { login, password } })

export const signOut = (): Promise<void> => request('DELETE', '/api/v1/session')
