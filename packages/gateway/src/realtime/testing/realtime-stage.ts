import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createTranslator } from '@konnect/ai'
import type { Snapshot, SnapshotModel, SnapshotProvider } from '@konnect/contract'
import { defineVendor, type Policy, type Vendor } from '@konnect/sdk'
import { Type } from 'typebox'
import { type ClientOptions, WebSocket, WebSocketServer } from 'ws'
import { mobileWith, startTestGateway, TEST_KEY } from '../../harness.ts'
import { assistantAt, providerAt } from '../../harness-ai.ts'

/** A vendor of sessions that takes its key as a bearer token. */
const speaking = defineVendor({
  id: 'speaking',
  title: 'Speaking',
  description: 'For a test.',
  dialects: ['openai-realtime', 'gemini-live'],
  needsApiKey: true,
  settings: Type.Object({}),
  forwardHeaders: ['openai-beta'],
  pricedAs: 'openai',
  target: ({ baseUrl, apiKey }, { dialect }) => ({
    url: `${baseUrl}${dialect === 'gemini-live' ? '/live' : '/v1/realtime'}?api-version=1`,
    headers: ['authorization', `Bearer ${apiKey}`],
  }),
}) as Vendor

/** A refusal: what a vendor answers in place of a session. */
export type Refuse = (request: IncomingMessage, response: ServerResponse) => void

/** A vendor's server and the sessions that were opened at it. */
export class SessionVendor {
  readonly requests: IncomingMessage[] = []
  readonly sockets: WebSocket[] = []
  readonly #server = createServer()
  readonly #wss = new WebSocketServer({
    noServer: true,
    perMessageDeflate: true,
    handleProtocols: (offered) => this.protocol ?? [...offered][0] ?? false,
  })
  readonly #waiting: ((socket: WebSocket) => void)[] = []
  /** Answers in place of opening a session. */
  refuse: Refuse | undefined
  /** The subprotocol it insists on. */
  protocol: string | undefined

  static async start(refuse?: Refuse): Promise<SessionVendor> {
    const vendor = new SessionVendor()
    vendor.refuse = refuse
    vendor.#server.on('request', (request, response) => vendor.#answer(request, response))
    vendor.#server.on('upgrade', (request, socket, head) => {
      if (vendor.refuse !== undefined) {
        // As servers do that know no upgrade: the request is one like any other.
        const raw = refusalWriter(socket)
        vendor.requests.push(request)
        vendor.refuse(request, raw as unknown as ServerResponse)
        return
      }
      vendor.requests.push(request)
      vendor.#wss.handleUpgrade(request, socket, head, (one) => vendor.#opened(one))
    })
    vendor.#server.listen(0, '127.0.0.1')
    await once(vendor.#server, 'listening')
    return vendor
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** The next session that is opened, or the first one that nobody has asked for yet. */
  session(): Promise<WebSocket> {
    const open = this.sockets.shift()
    return open === undefined ? new Promise((resolve) => this.#waiting.push(resolve)) : Promise.resolve(open)
  }

  async close(): Promise<void> {
    for (const socket of this.#wss.clients) socket.terminate()
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    this.requests.push(request)
    response.writeHead(404).end()
  }

  #opened(socket: WebSocket): void {
    socket.on('error', () => {})
    const waiting = this.#waiting.shift()
    if (waiting === undefined) this.sockets.push(socket)
    else waiting(socket)
  }
}

function refusalWriter(socket: { write(text: string): unknown; end(text?: string): unknown }) {
  let head = ''
  return {
    writeHead(status: number, headers: Record<string, string> = {}) {
      const fields = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
      head = `HTTP/1.1 ${status} No\r\nconnection: close\r\n${fields.join('')}`
      return this
    },
    end(body = '') {
      socket.end(`${head}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)
    },
  }
}

/** A refusal with an error in OpenAI's shape. */
export const refusing =
  (status: number, message: string, headers: Record<string, string> = {}): Refuse =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers })
    response.end(JSON.stringify({ error: { message, type: 'invalid_request_error', code: null } }))
  }

export interface SessionGatewayOptions {
  readonly policies?: readonly Policy[]
  readonly provider?: Partial<SnapshotProvider>
  readonly model?: Partial<SnapshotModel>
  readonly snapshot?: Partial<Snapshot>
  readonly now?: () => number
  /** Where the vendor's keys come from, when the provider's is not sent itself. */
  readonly temporaryKeys?: NonNullable<Vendor['temporaryKeys']>
}

export interface ConnectOptions extends ClientOptions {
  readonly path?: string
  readonly query?: string
  readonly protocols?: string[]
}

/** A gateway for sessions, its vendors, and an end to them all. */
export class RealtimeStage {
  readonly #closing: (() => unknown)[] = []

  async vendor(refuse?: Refuse): Promise<SessionVendor> {
    const vendor = await SessionVendor.start(refuse)
    this.#closing.push(() => vendor.close())
    return vendor
  }

  /** The model `assistant` at these vendors, in order, as providers `v0`, `v1`, … */
  async gateway(vendors: readonly Pick<SessionVendor, 'url'>[], options: SessionGatewayOptions = {}) {
    const gateway = await startTestGateway({
      vendors: [options.temporaryKeys === undefined ? speaking : { ...speaking, temporaryKeys: options.temporaryKeys }],
      translator: createTranslator(),
      policies: options.policies ?? [],
      ...(options.now === undefined ? {} : { now: options.now }),
    })
    this.#closing.push(() => gateway.close())
    const providers = vendors.map((vendor, i) =>
      providerAt(`v${i}`, vendor, { vendor: 'speaking', ...options.provider }),
    )
    const model = assistantAt(
      vendors.map((_, i) => `v${i}`),
      options.model,
    )
    const publish = (part: Partial<Snapshot> = {}) =>
      gateway.publish({ providers, models: [model], applications: [mobileWith({})], ...options.snapshot, ...part })
    publish()
    return { ...gateway, publish, model, providers }
  }

  /** A client and a vendor with a session between them. */
  async joined(options: SessionGatewayOptions = {}) {
    const vendor = await this.vendor()
    const gateway = await this.gateway([vendor], options)
    const client = this.connect(gateway)
    const [server] = await Promise.all([vendor.session(), once(client, 'open')])
    return { vendor, gateway, client, server }
  }

  /** A client that offers compression, as `ws` does by itself. */
  connect(gateway: { readonly port: number }, options: ConnectOptions = {}) {
    const { path = '/v1/realtime', query = '?model=assistant', protocols = [], ...rest } = options
    const socket = new WebSocket(`ws://127.0.0.1:${gateway.port}${path}${query}`, protocols, {
      headers: { 'x-api-key': TEST_KEY },
      ...rest,
    })
    socket.on('error', () => {})
    this.#closing.push(() => socket.terminate())
    return socket
  }

  async close(): Promise<void> {
    for (const close of this.#closing.splice(0).reverse()) await close()
  }
}

/** What a client is told that gets no session. */
export async function refusalOf(socket: WebSocket) {
  const [, response] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage]
  const pieces: Buffer[] = []
  for await (const piece of response) pieces.push(piece as Buffer)
  const text = Buffer.concat(pieces).toString()
  return { status: response.statusCode, headers: response.headers, text, body: JSON.parse(text) as unknown }
}

export async function closeOf(socket: WebSocket) {
  const [code, reason] = (await once(socket, 'close')) as [number, Buffer]
  return { code, reason: reason.toString() }
}

/** The next messages, however many come at once. */
export function messagesOf(socket: WebSocket, count: number): Promise<string[]> {
  return new Promise((resolve) => {
    const messages: string[] = []
    const onMessage = (data: Buffer) => {
      messages.push(data.toString())
      if (messages.length < count) return
      socket.off('message', onMessage)
      resolve(messages)
    }
    socket.on('message', onMessage)
  })
}

export async function messageOf(socket: WebSocket): Promise<string> {
  const [data] = (await once(socket, 'message')) as [Buffer]
  return data.toString()
}
