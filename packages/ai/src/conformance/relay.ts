import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { JsonObject } from '@konnect/contract'
import { dialects } from '../dialects/list.ts'
import type { DialectId, ResponseFacts, Translation } from '../ports.ts'
import { createTranslator } from '../translator.ts'
import type { Recording } from './recordings.ts'

/** What a client would have received. */
export interface Relayed {
  readonly status: number
  readonly contentType: string
  readonly body: Buffer
  readonly facts: ResponseFacts
}

/** A small request in the words of each dialect. */
const REQUESTS: Readonly<Record<DialectId, JsonObject>> = {
  'openai-chat': { messages: [{ role: 'user', content: 'Hello' }], stream_options: { include_usage: true } },
  'anthropic-messages': { messages: [{ role: 'user', content: 'Hello' }], max_tokens: 100 },
  'openai-responses': { input: 'Hello' },
  gemini: { contents: [{ role: 'user', parts: [{ text: 'Hello' }] }] },
}

/** Each other dialect that clients speak. */
export const otherDialects = (dialect: DialectId): DialectId[] =>
  Object.keys(REQUESTS).filter((other) => other !== dialect && dialects.some(({ id }) => id === other))

/** Turns `count` bytes, or as many as `count` says for each chunk, into chunks. */
export function chunksOf(bytes: Buffer, count: number | (() => number)): Buffer[] {
  const chunks: Buffer[] = []
  for (let at = 0; at < bytes.length; ) {
    const size = Math.max(1, typeof count === 'number' ? count : count())
    chunks.push(bytes.subarray(at, at + size))
    at += size
  }
  return chunks
}

/** A translation for a client of `client` and the vendor of a recording. */
export function translationFor(client: DialectId, recording: Recording): Translation {
  const body = Buffer.from(JSON.stringify({ model: 'public', stream: recording.stream, ...REQUESTS[client] }))
  return createTranslator().translate({
    client,
    vendor: recording.api,
    body,
    facts: { model: 'public', isStream: recording.stream },
    upstreamModel: 'upstream',
    publicModel: 'public',
    isStrict: false,
    requestId: 'request1',
  })
}

/** Sends a recorded answer through a translation, in chunks. */
export function relay(client: DialectId, recording: Recording, chunks: readonly Buffer[]): Relayed {
  const translation = translationFor(client, recording)
  if (recording.stream && recording.status < 400) {
    const stream = translation.stream()
    const out = chunks.map((chunk) => Buffer.from(stream.write(chunk)))
    out.push(Buffer.from(stream.end()))
    return { status: recording.status, contentType: 'text/event-stream', body: Buffer.concat(out), facts: stream.facts }
  }
  const { answer, facts } = translation.response(recording.status, ['content-type', recording.ctype], recording.body)
  return { ...answer, body: Buffer.from(answer.body), facts }
}

/** A server on a port of the system's choice that gives one answer to every request. */
export async function serve(): Promise<{ url: string; answer: (with_: Relayed) => void; close: () => Promise<void> }> {
  let current: Relayed | undefined
  const server: Server = createServer((request, response) => {
    request.resume()
    response.writeHead(current?.status ?? 500, { 'content-type': current?.contentType ?? 'text/plain' })
    response.end(current?.body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answer: (relayed) => {
      current = relayed
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
