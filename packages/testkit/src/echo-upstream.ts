import { createHash } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { type FakeServer, type SeenRequest, startHttpServer } from './http-server.ts'

/** What the echo upstream answers with, as JSON. */
export interface Echo {
  /** Which upstream answered, for tests of balancing. */
  readonly name: string
  readonly method: string
  /** Path and query, as on the wire. */
  readonly target: string
  /** Names lower-case. */
  readonly headers: Record<string, string | string[] | undefined>
  /** As text. */
  readonly body: string
}

export interface EchoUpstreamOptions {
  /** Default `echo`. */
  readonly name?: string
  /** Answers in place of the echo. */
  readonly respond?: (request: SeenRequest, response: ServerResponse) => void | Promise<void>
}

/**
 * Starts an upstream that answers every request with what it saw ({@link Echo}). An `Upgrade: websocket` request is
 * accepted (RFC 6455 §4.2.2), and its bytes come back unchanged, so `ws` clients hear unmasked copies only if they
 * read raw bytes: use it to prove that a proxy passes bytes.
 */
export async function startEchoUpstream({ name = 'echo', respond }: EchoUpstreamOptions = {}): Promise<FakeServer> {
  const upgraded = new Set<Duplex>()
  const { server, ...upstream } = await startHttpServer(
    respond ?? ((request, response) => echo(name, request, response)),
  )
  server.on('upgrade', (message, socket: Duplex) => {
    upgraded.add(socket)
    socket.once('close', () => upgraded.delete(socket)).on('error', () => socket.destroy())
    socket.write(switchingProtocols(message.headers['sec-websocket-key'] ?? ''))
    socket.pipe(socket)
  })
  return {
    ...upstream,
    close() {
      for (const socket of upgraded) socket.destroy()
      return upstream.close()
    },
  }
}

function echo(name: string, request: SeenRequest, response: ServerResponse): void {
  const seen: Echo = {
    name,
    method: request.method,
    target: request.target,
    headers: request.headers,
    body: request.body.toString('utf8'),
  }
  response.setHeader('content-type', 'application/json')
  response.end(JSON.stringify(seen))
}

const WEBSOCKET_GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'

function switchingProtocols(key: string): string {
  const accept = createHash('sha1')
    .update(key + WEBSOCKET_GUID)
    .digest('base64')
  return `HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-accept: ${accept}\r\n\r\n`
}
