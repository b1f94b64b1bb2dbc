import type { FieldRules, JsonObject } from '@konnect/contract'
import { endpoints } from '../dialects/list.ts'
import type { DialectId, StreamTranslation, Translation, TranslationOptions } from '../ports.ts'
import { parseEvent } from '../sse/event.ts'
import { EventSplitter } from '../sse/splitter.ts'
import { createTranslator } from '../translator.ts'

/** A request and where it goes. */
export interface TestRequest {
  readonly from: DialectId
  readonly to: DialectId
  readonly body: JsonObject | string
  readonly model?: string
  readonly isStrict?: boolean
  /** Of the vendor. */
  readonly fields?: FieldRules
  /** Of the client's request; by default the dialect's own, for an answer in one piece. */
  readonly path?: string
}

/** Translates a request the way the gateway does. */
export function translate(request: TestRequest): Translation {
  const { from, to, body, model = 'upstream-model', isStrict = false, fields, path = pathOf(from) } = request
  const translator = createTranslator()
  const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify({ model: 'public', ...body }))
  const options: TranslationOptions = {
    client: from,
    vendor: to,
    body: bytes,
    facts: translator.readFacts(from, bytes, path),
    upstreamModel: model,
    publicModel: 'public',
    isStrict,
    requestId: 'request1',
    fields,
  }
  return translator.translate(options)
}

function pathOf(dialect: DialectId): string {
  const { path = '', match, action = 'generateContent' } = endpoints.find((one) => one.dialect === dialect) ?? {}
  return match === 'prefix' ? `${path}public:${action}` : path
}

/** The body that goes to the vendor, parsed. */
export const sentBody = (translation: Translation): JsonObject => JSON.parse(textOf(translation.body))

/** Request of an OpenAI client to an Anthropic vendor, as the vendor gets it. */
export const toMessages = (body: JsonObject, model = 'claude-sonnet-4-5'): JsonObject =>
  sentBody(translate({ from: 'openai-chat', to: 'anthropic-messages', body, model }))

/** Request of an Anthropic client to an OpenAI vendor, as the vendor gets it. */
export const toChat = (body: JsonObject, model = 'gpt-4o'): JsonObject =>
  sentBody(translate({ from: 'anthropic-messages', to: 'openai-chat', body: { max_tokens: 100, ...body }, model }))

/** What a whole answer becomes for the client, parsed. */
export function answered(translation: Translation, body: JsonObject, status = 200): JsonObject {
  const bytes = Buffer.from(JSON.stringify(body))
  const { answer } = translation.response(status, ['content-type', 'application/json'], bytes)
  return JSON.parse(textOf(answer.body))
}

/** A started stream for a client and a vendor. */
export function openStream(from: DialectId, to: DialectId, body: JsonObject = {}): StreamTranslation {
  const messages = [{ role: 'user', content: 'Hello' }]
  const own: JsonObject = from === 'openai-chat' ? { stream_options: { include_usage: true } } : { max_tokens: 100 }
  return translate({ from, to, body: { messages, stream: true, ...own, ...body } }).stream()
}

/** Sends a whole stream through, and gives the text that the client gets. */
export function pump(stream: StreamTranslation, text: string): string {
  return textOf(stream.write(Buffer.from(text))) + textOf(stream.end())
}

/** Data of the events in a text, parsed; `[DONE]` stays text. */
export function eventsIn(text: string): unknown[] {
  const events: unknown[] = []
  new EventSplitter().push(Buffer.from(text), (source, start, end) => {
    const { data } = parseEvent(source.toString('utf8', start, end))
    if (data !== null) events.push(data === '[DONE]' ? data : JSON.parse(data))
  })
  return events
}

/** A stream of chunks with these deltas, their finish reason, usage and terminator. */
export function chunks(deltas: readonly JsonObject[], finish = 'stop'): string {
  const all = [...deltas.map((delta) => choice(delta, null)), choice({}, finish), USAGE_CHUNK]
  return `${all.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join('')}data: [DONE]\n\n`
}

const CHUNK = { id: 'c1', object: 'chat.completion.chunk', created: 1, model: 'm' }
const choice = (delta: JsonObject, finish: string | null): JsonObject => ({
  ...CHUNK,
  choices: [{ index: 0, delta, finish_reason: finish }],
})
const USAGE_CHUNK = { ...CHUNK, choices: [], usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 } }

/** A stream of message events. */
export const frames = (events: readonly JsonObject[]): string =>
  events.map((event) => `event: ${String(event.type)}\ndata: ${JSON.stringify(event)}\n\n`).join('')

/** First event of a message stream. */
export const messageStart: JsonObject = {
  type: 'message_start',
  message: {
    id: 'm1',
    type: 'message',
    role: 'assistant',
    model: 'm',
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: { input_tokens: 10, cache_read_input_tokens: 4, cache_creation_input_tokens: 2, output_tokens: 1 },
  },
}

/** Last two events of a message stream. */
export const messageEnd = (reason: string, more: JsonObject = {}): JsonObject[] => [
  { type: 'message_delta', delta: { stop_reason: reason, stop_sequence: null, ...more }, usage: { output_tokens: 7 } },
  { type: 'message_stop' },
]

/** Events of one content block. */
export const block = (index: number, head: JsonObject, deltas: readonly JsonObject[] = []): JsonObject[] => [
  { type: 'content_block_start', index, content_block: head },
  ...deltas.map((delta) => ({ type: 'content_block_delta', index, delta })),
  { type: 'content_block_stop', index },
]

/** Bytes as text. */
export const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString()
