import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { asGatewayError, type HeaderList, type JsonObject } from '@konnect/contract'
import { dialectOf } from '../dialects/list.ts'
import type { DialectId, ResponseFacts, Translation } from '../ports.ts'
import { createTranslator } from '../translator.ts'
import { settled, splitsOf } from './splits.ts'

/** What the vendor behind the gateway does. */
export interface Vendor {
  readonly dialect: DialectId
  readonly model: string
  /** `sent` is what it was asked. */
  answer(sent: JsonObject, isStream: boolean): VendorAnswer
}

export interface VendorAnswer {
  readonly status: number
  readonly contentType: string
  /** Fields besides the content type, names lower-case. Default none. */
  readonly headers?: HeaderList
  readonly body: Buffer
}

/** What went over the wire in the last exchange. */
export interface Wire {
  /** What the vendor was asked. */
  readonly sent: JsonObject
  readonly dropped: readonly string[]
  /** Whether strict mode refuses the request. */
  readonly isRefusedStrictly: boolean
  readonly facts: ResponseFacts
  /** What the client was answered. */
  readonly body: string
  /** Cuts of the vendor's stream that made a difference. */
  readonly unsteady: readonly string[]
}

/** A server between official clients and vendors that are functions. */
export interface TestGateway {
  readonly url: string
  /** The vendor that answers from now on. */
  vendor: Vendor | undefined
  /** The last exchange. */
  wire: Wire | undefined
  close(): Promise<void>
}

const translator = createTranslator()

/** Starts a gateway that translates as the product does, on a port of the system's choice. */
export async function startTestGateway(): Promise<TestGateway> {
  const server = createServer((request, response) => {
    exchange(gateway, request, response).catch((error: unknown) => response.destroy(asGatewayError(error)))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const gateway: TestGateway = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    vendor: undefined,
    wire: undefined,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return gateway
}

async function exchange(gateway: TestGateway, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { vendor } = gateway
  const [path = ''] = (request.url ?? '').split('?')
  const client = dialectOf(path)
  if (vendor === undefined || client === undefined) throw new RangeError(`Nobody answers at ${path}`)
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const body = Buffer.concat(chunks)
  const facts = translator.readFacts(client, body, path)
  const translate = (isStrict: boolean): Translation =>
    translator.translate({
      client,
      vendor: vendor.dialect,
      body,
      facts,
      upstreamModel: vendor.model,
      publicModel: facts.model,
      isStrict,
      requestId: 'request1',
    })
  const translation = translate(false)
  const sent = JSON.parse(Buffer.from(translation.body).toString()) as JsonObject
  const answer = vendor.answer(sent, facts.isStream)
  const given = facts.isStream && answer.status < 400 ? streamed(translation, answer) : whole(translation, answer)
  const { dropped } = translation
  gateway.wire = { ...given, sent, dropped, isRefusedStrictly: isRefused(() => translate(true)) }
  response.writeHead(given.status, { 'content-type': given.contentType }).end(given.body)
}

function whole(translation: Translation, { status, contentType, headers = [], body }: VendorAnswer) {
  const { answer, facts } = translation.response(status, ['content-type', contentType, ...headers], body)
  return { ...answer, body: Buffer.from(answer.body).toString(), facts, unsteady: [] }
}

function streamed(translation: Translation, { contentType, body }: VendorAnswer) {
  const made = [...splitsOf(body)].map(([name, pieces]) => {
    const stream = translation.stream()
    const written = pieces.map((piece) => Buffer.from(stream.write(piece)))
    return { name, body: Buffer.concat([...written, stream.end()]).toString(), facts: stream.facts }
  })
  const [first = { name: '', body: '', facts: translation.stream().facts }] = made
  const unsteady = made.filter((each) => settled(each.body) !== settled(first.body)).map(({ name }) => name)
  return { status: 200, contentType: translation.streamTypeFor(contentType), ...first, unsteady }
}

function isRefused(translate: () => Translation): boolean {
  try {
    translate()
    return false
  } catch (error) {
    return asGatewayError(error).code === 'unsupported_feature'
  }
}
