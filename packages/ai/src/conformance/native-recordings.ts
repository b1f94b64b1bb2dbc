import { readFileSync } from 'node:fs'
import { isJsonObject, type JsonObject } from '@konnect/contract'
import { objectOf, objectsOf, textOf } from '../json/access.ts'
import type { DialectId } from '../ports.ts'
import type { Seen } from './official-clients.ts'
import { missingRecordings, type Recording } from './recordings.ts'

const FILE = new URL('../../../../../shared/conformance/recordings.jsonl', import.meta.url)

/** The dialects that only vendors speak, by the name that the recordings give them. */
const DIALECTS: ReadonlyMap<string, DialectId> = new Map([
  ['cohere-chat', 'cohere-chat'],
  ['ollama', 'ollama-chat'],
  ['bedrock-converse', 'bedrock-converse'],
  ['bedrock-converse-stream', 'bedrock-converse'],
])

/** The recorded exchanges in dialects that only vendors speak; none where the recordings are absent. */
export function loadNativeRecordings(): readonly Recording[] {
  if (missingRecordings !== undefined) return []
  return readFileSync(FILE, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
    .filter((row) => row.method === 'POST' && row.status)
    .map((row, id) => ({ ...row, id, body: bodyOf(row), api: DIALECTS.get(row.api) }))
    .filter((row) => row.api !== undefined)
}

const bodyOf = (row: { readonly body?: string; readonly body_b64?: string; readonly ctype: string }): Buffer =>
  row.ctype.startsWith('application/vnd.amazon.eventstream')
    ? Buffer.from(row.body_b64 ?? row.body ?? '', 'base64')
    : Buffer.from(row.body ?? '')

/** What a recording says, read without any code of the dialects. */
export interface Recorded extends Seen {
  readonly reasoning: string
  /** Tokens in and out, those of the cache included. */
  readonly tokens: readonly [input: number, output: number]
}

/** Reads a recorded answer the plain way: all events at once, nothing but what the vendor documents. */
export function readRecorded({ api, stream, body }: Recording): Recorded {
  if (api === 'ollama-chat') return readOllama(JSON.parse(body.toString()))
  if (api === 'cohere-chat') return stream ? readCohereEvents(dataOf(body)) : readCohere(JSON.parse(body.toString()))
  return stream ? readConverseEvents(payloadsOf(body)) : readConverse(JSON.parse(body.toString()))
}

const dataOf = (body: Buffer): JsonObject[] =>
  body
    .toString()
    .split('\n')
    .filter((line) => line.startsWith('data: {'))
    .map((line) => JSON.parse(line.slice(6)))

function payloadsOf(body: Buffer): JsonObject[] {
  const payloads: JsonObject[] = []
  for (let at = 0; at < body.length; at += body.readUInt32BE(at)) {
    const start = at + 12 + body.readUInt32BE(at + 4)
    payloads.push(JSON.parse(body.toString('utf8', start, at + body.readUInt32BE(at) - 4)))
  }
  return payloads
}

const joined = (values: readonly unknown[]): string => values.map((value) => textOf(value) ?? '').join('')
const parsed = (text: unknown): unknown => JSON.parse(textOf(text) || '{}') ?? {}
const countsOf = (usage: JsonObject): [number, number] => [Number(usage.input_tokens), Number(usage.output_tokens)]

function readCohere(answer: JsonObject): Recorded {
  const message = objectOf(answer.message)
  const content = objectsOf(message.content)
  return {
    text: joined(content.map((part) => part.text)),
    reasoning: joined([message.tool_plan, ...content.map((part) => part.thinking)]),
    tools: objectsOf(message.tool_calls).map((call) => {
      const { name, arguments: text } = objectOf(call.function)
      return [String(name), parsed(text)]
    }),
    tokens: countsOf(objectOf(objectOf(answer.usage).billed_units)),
  }
}

function readCohereEvents(events: readonly JsonObject[]): Recorded {
  const messages = events.map((event) => objectOf(objectOf(event.delta).message))
  const content = messages.map((message) => objectOf(message.content))
  const calls = events.filter(({ type }) => String(type).startsWith('tool-call-'))
  const named = calls.filter(({ type }) => type === 'tool-call-start')
  const bodyOfCall = (event: JsonObject) =>
    objectOf(objectOf(objectOf(objectOf(event.delta).message).tool_calls).function)
  const end = events.find(({ type }) => type === 'message-end') ?? {}
  return {
    text: joined(content.map((part) => part.text)),
    reasoning: joined(messages.flatMap((message, i) => [message.tool_plan, content[i]?.thinking])),
    tools: named.map((start) => {
      const own = calls.filter(({ index }) => index === start.index)
      return [String(bodyOfCall(start).name), parsed(joined(own.map((event) => bodyOfCall(event).arguments)))]
    }),
    tokens: countsOf(objectOf(objectOf(objectOf(end.delta).usage).billed_units)),
  }
}

function readOllama(answer: JsonObject): Recorded {
  const message = objectOf(answer.message)
  return {
    text: joined([message.content]),
    reasoning: joined([message.thinking]),
    tools: objectsOf(message.tool_calls).map((call) => {
      const { name, arguments: input } = objectOf(call.function)
      return [String(name), input]
    }),
    tokens: [Number(answer.prompt_eval_count), Number(answer.eval_count)],
  }
}

function readConverse(answer: JsonObject): Recorded {
  const blocks = objectsOf(objectOf(objectOf(answer.output).message).content)
  return {
    text: joined(blocks.map((block) => block.text)),
    reasoning: '',
    tools: blocks
      .filter((block) => isJsonObject(block.toolUse))
      .map((block) => [String(objectOf(block.toolUse).name), objectOf(block.toolUse).input]),
    tokens: converseTokens(objectOf(answer.usage)),
  }
}

const converseTokens = (usage: JsonObject): [number, number] => [
  Number(usage.inputTokens) + Number(usage.cacheReadInputTokens ?? 0) + Number(usage.cacheWriteInputTokens ?? 0),
  Number(usage.outputTokens),
]

function readConverseEvents(payloads: readonly JsonObject[]): Recorded {
  const deltas = payloads.map((payload) => objectOf(payload.delta))
  const starts = payloads.filter((payload) => isJsonObject(objectOf(payload.start).toolUse))
  return {
    text: joined(deltas.map((delta) => delta.text)),
    reasoning: '',
    tools: starts.map((start) => {
      const own = payloads.filter(({ contentBlockIndex: index }) => index === start.contentBlockIndex)
      const input = joined(own.map((payload) => objectOf(objectOf(payload.delta).toolUse).input))
      return [String(objectOf(objectOf(start.start).toolUse).name), parsed(input)]
    }),
    tokens: converseTokens(objectOf(payloads.find(({ usage }) => usage !== undefined)?.usage)),
  }
}
