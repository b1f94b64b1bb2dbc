import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { answerAsSimulatedModel, countAsSimulatedModel } from './simulated-model.ts'

const MAX_BODY_BYTES = 4 * 1024 * 1024

/** The upstreams of the sample, on loopback only. */
export interface SampleServer {
  readonly port: number
  close(): Promise<void>
}

/** Listens on `port`, or on any free port when that one is taken and `mayMove`. Resolves with undefined when it cannot. */
export async function startSampleServer(port: number, mayMove: boolean): Promise<SampleServer | undefined> {
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy())
  })
  const taken = (await listen(server, port)) ?? (mayMove ? await listen(server, 0) : undefined)
  if (taken === undefined) return undefined
  return {
    port: taken,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function listen(server: Server, port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const failed = () => resolve(undefined)
    server.once('error', failed)
    server.listen(port, '127.0.0.1', () => {
      server.off('error', failed)
      resolve((server.address() as AddressInfo).port)
    })
  })
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [, name = '', ...rest] = (request.url ?? '/').split('?')[0]?.split('/') ?? []
  if (name === 'echo-a' || name === 'echo-b') await echo(request, response, name, `/${rest.join('/')}`)
  else if (name === 'simulated-anthropic' && rest.at(-1) === 'count_tokens') {
    countAsSimulatedModel(await readBody(request), response)
  } else if (name === 'simulated-anthropic') await answerAsSimulatedModel(await readBody(request), response)
  else send(response, 404, { error: 'The sample has nothing here' })
}

async function echo(request: IncomingMessage, response: ServerResponse, target: string, path: string): Promise<void> {
  if (path === '/health') return send(response, 200, { status: 'ok' })
  const body = await readBody(request)
  send(response, 200, {
    message: 'Hello from the echo API, a sample built into Konnect.',
    target,
    method: request.method,
    path,
    query: Object.fromEntries(new URL(request.url ?? '/', 'http://echo').searchParams),
    headers: request.headers,
    body: body.length === 0 ? null : body.toString('utf8'),
  })
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.byteLength
    if (size > MAX_BODY_BYTES) throw new Error('The sample takes at most 4 MB')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(`${JSON.stringify(body, null, 2)}\n`)
}
