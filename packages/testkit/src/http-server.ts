import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { listenOnAnyPort } from './port.ts'

/** A request as a fake server saw it. */
export interface SeenRequest {
  readonly method: string
  /** Path and query, as on the wire. */
  readonly target: string
  /** Name, value, name, value, …; names as on the wire. */
  readonly rawHeaders: readonly string[]
  /** Names lower-case. */
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
  /** Resolves when the client went away before the answer was complete; never rejects. */
  readonly aborted: Promise<void>
}

/** A server that listens on 127.0.0.1 until it is closed. */
export interface FakeServer {
  /** `http://127.0.0.1:port`. */
  readonly url: string
  readonly port: number
  /** Every request so far, in order of arrival of their last body byte. */
  readonly requests: readonly SeenRequest[]
  /** Connections that are open now. */
  connections(): Promise<number>
  /** Breaks off what is open and stops listening. Idempotent. */
  close(): Promise<void>
}

type Answer = (request: SeenRequest, response: ServerResponse) => void | Promise<void>

/** Starts a server that reads each request whole and then lets `answer` reply. A failing `answer` breaks the connection. */
export async function startHttpServer(answer: Answer): Promise<FakeServer & { readonly server: Server }> {
  const requests: SeenRequest[] = []
  const server = createServer((message, response) => {
    readRequest(message, response)
      .then((request) => {
        requests.push(request)
        return answer(request, response)
      })
      .catch(() => response.destroy())
  })
  const port = await listenOnAnyPort(server)
  return {
    server,
    port,
    url: `http://127.0.0.1:${port}`,
    requests,
    connections: () => count(server),
    close: closer(server),
  }
}

async function readRequest(message: IncomingMessage, response: ServerResponse): Promise<SeenRequest> {
  const aborted = new Promise<void>((resolve) => {
    response.once('close', () => {
      if (!response.writableFinished) resolve()
    })
  })
  const chunks: Buffer[] = []
  for await (const chunk of message) chunks.push(chunk as Buffer)
  return {
    method: message.method ?? '',
    target: message.url ?? '',
    rawHeaders: message.rawHeaders,
    headers: message.headers,
    body: Buffer.concat(chunks),
    aborted,
  }
}

const count = (server: Server) =>
  new Promise<number>((resolve, reject) => {
    server.getConnections((error, connections) => (error ? reject(error) : resolve(connections)))
  })

function closer(server: Server): () => Promise<void> {
  let closed: Promise<void> | undefined
  return () => {
    closed ??= new Promise((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
    return closed
  }
}
