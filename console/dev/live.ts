/** The live socket of the stand-in platform: snapshots, then a call that moves on. */
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { ViteDevServer } from 'vite'
import { WebSocketServer, type WebSocket } from 'ws'
import { agents, contacts, queues } from './data'

const SNAPSHOTS: Record<string, () => unknown> = {
  contacts: () => contacts().filter((one) => one.state !== 'ended'),
  agents,
  queues,
}

function serve(socket: WebSocket): void {
  let seq = 0
  socket.on('message', (message: Buffer) => {
    const asked = JSON.parse(message.toString()) as { subscribe?: string[] }
    for (const topic of asked.subscribe ?? []) {
      const snapshot = SNAPSHOTS[topic]
      if (!snapshot) continue
      socket.send(JSON.stringify({ topic, seq: seq++, snapshot: snapshot(), as_of: new Date().toISOString() }))
    }
  })
}

export function serveLive(server: NonNullable<ViteDevServer['httpServer']>): void {
  const sockets = new WebSocketServer({ noServer: true })
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (request.url !== '/live') return
    sockets.handleUpgrade(request, socket, head, serve)
  })
}
