/** A stand-in platform for `npm run mock`: never part of the build. */
import type { Plugin } from 'vite'
import { answer } from './answers'
import { serveLive } from './live'

export function mockPlatform(): Plugin {
  return {
    name: 'mock-platform',
    apply: 'serve',
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        const url = request.url ?? ''
        if (!url.startsWith('/api/') && !url.startsWith('/readyz')) return next()
        void answer(request, response)
      })
      if (server.httpServer) serveLive(server.httpServer)
    },
  }
}
