import { GatewayError, type JsonObject } from '@konnect/contract'
import type { WritableEvent } from '../canonical/event.ts'
import type { AnswerPart, ChatResponse } from '../canonical/response.ts'
import { dialects } from '../dialects/list.ts'
import type { DialectId } from '../ports.ts'
import { eventMessage, exceptionMessage } from '../testing/aws-event-stream.ts'

/** An answer that a vendor of some dialect is to give. */
export interface Answer {
  readonly reasoning?: string
  readonly text?: string
  readonly calls: readonly { readonly id: string; readonly name: string; readonly input: JsonObject }[]
}

/** How its stream ends: well, with an error that the vendor reports, or without a word. */
export type Ending = 'whole' | 'error' | 'cut'

/** Writes answers as a vendor does. */
export interface AnswerAuthor {
  whole(answer: Answer): Buffer
  stream(answer: Answer, ending: Ending): Buffer
  readonly wholeType: string
  readonly streamType: string
}

const IDENTITY = { requestId: 'vendor1', model: 'theirs', createdS: 1_760_000_000, wantsUsage: true }
const USAGE = {
  inputTokens: 10,
  outputTokens: 5,
  cachedInputTokens: 0,
  cacheWriteTokens: 0,
  cacheWriteLongTokens: 0,
  reasoningTokens: 0,
}

/** The author for a dialect: its own writer where clients speak it too, else one of the documented format. */
export function authorOf(id: DialectId): AnswerAuthor {
  const dialect = dialects.find((each) => each.id === id)
  if (dialect !== undefined) {
    return {
      wholeType: 'application/json',
      streamType: 'text/event-stream',
      whole: (answer) => Buffer.from(JSON.stringify(dialect.responseOut(responseOf(answer), IDENTITY))),
      stream(answer, ending) {
        const writer = dialect.streamOut(IDENTITY)
        return Buffer.from(
          eventsOf(answer, ending)
            .map((event) => writer.write(event))
            .join(''),
        )
      },
    }
  }
  const author = DOCUMENTED[id]
  if (author === undefined) throw new RangeError(`Nobody writes answers in "${id}"`)
  return author
}

const hasCalls = ({ calls }: Answer): boolean => calls.length > 0

function responseOf(answer: Answer): ChatResponse {
  const parts: AnswerPart[] = []
  if (answer.reasoning !== undefined) parts.push({ type: 'reasoning', text: answer.reasoning, signature: 'c2VhbGVk' })
  if (answer.text !== undefined) parts.push({ type: 'text', text: answer.text })
  for (const { id, name, input } of answer.calls) {
    parts.push({ type: 'tool_call', id, name, arguments: JSON.stringify(input) })
  }
  return { parts, finishReason: hasCalls(answer) ? 'tool_calls' : 'stop', usage: USAGE }
}

const halves = (text: string): string[] => [text.slice(0, text.length / 2), text.slice(text.length / 2)]

function eventsOf(answer: Answer, ending: Ending): WritableEvent[] {
  const events: WritableEvent[] = [{ type: 'start' }]
  if (answer.reasoning !== undefined) {
    events.push(...halves(answer.reasoning).map((text): WritableEvent => ({ type: 'reasoning', text })))
    events.push({ type: 'signature', signature: 'c2VhbGVk' })
  }
  if (answer.text !== undefined)
    events.push(...halves(answer.text).map((text): WritableEvent => ({ type: 'text', text })))
  answer.calls.forEach(({ id, name, input }, tool) => {
    events.push({ type: 'tool_start', tool, id, name })
    for (const text of halves(JSON.stringify(input))) events.push({ type: 'tool_arguments', tool, text })
    events.push({ type: 'tool_end', tool })
  })
  if (ending === 'cut') return events
  if (ending === 'error')
    return [...events, { type: 'error', error: new GatewayError('upstream_error', { status: 503 }) }]
  events.push({ type: 'usage', usage: USAGE })
  return [...events, { type: 'finish', reason: hasCalls(answer) ? 'tool_calls' : 'stop' }, { type: 'done' }]
}

const jsonOf = (value: object): Buffer => Buffer.from(JSON.stringify(value))

const sse = (events: readonly JsonObject[]): Buffer =>
  Buffer.from(events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join(''))

const cohereCall = ({ id, name, input }: Answer['calls'][number]): JsonObject => ({
  id,
  type: 'function',
  function: { name, arguments: JSON.stringify(input) },
})

const cohere: AnswerAuthor = {
  wholeType: 'application/json',
  streamType: 'text/event-stream',
  whole: (answer) =>
    jsonOf({
      id: 'c1',
      finish_reason: hasCalls(answer) ? 'TOOL_CALL' : 'COMPLETE',
      message: {
        role: 'assistant',
        content: [
          ...(answer.reasoning === undefined ? [] : [{ type: 'thinking', thinking: answer.reasoning }]),
          ...(answer.text === undefined ? [] : [{ type: 'text', text: answer.text }]),
        ],
        ...(hasCalls(answer) ? { tool_calls: answer.calls.map(cohereCall) } : {}),
      },
      usage: { billed_units: { input_tokens: 10, output_tokens: 5 }, tokens: { input_tokens: 10, output_tokens: 5 } },
    }),
  stream(answer, ending) {
    const content = (index: number, kind: 'text' | 'thinking', text: string): JsonObject[] => [
      { type: 'content-start', index, delta: { message: { content: { type: kind, [kind]: '' } } } },
      ...halves(text).map((piece) => ({
        type: 'content-delta',
        index,
        delta: { message: { content: { [kind]: piece } } },
      })),
      { type: 'content-end', index },
    ]
    const events: JsonObject[] = [{ type: 'message-start', id: 'c1', delta: { message: { role: 'assistant' } } }]
    if (answer.reasoning !== undefined) events.push(...content(0, 'thinking', answer.reasoning))
    if (answer.text !== undefined) events.push(...content(1, 'text', answer.text))
    answer.calls.forEach((call, index) => {
      const { id, name, input } = call
      const start = { id, type: 'function', function: { name, arguments: '' } }
      events.push({ type: 'tool-call-start', index, delta: { message: { tool_calls: start } } })
      for (const text of halves(JSON.stringify(input))) {
        const delta = { message: { tool_calls: { function: { arguments: text } } } }
        events.push({ type: 'tool-call-delta', index, delta })
      }
      events.push({ type: 'tool-call-end', index })
    })
    const usage = { tokens: { input_tokens: 10, output_tokens: 5 } }
    const reason = ending === 'error' ? 'ERROR' : hasCalls(answer) ? 'TOOL_CALL' : 'COMPLETE'
    if (ending !== 'cut') events.push({ type: 'message-end', delta: { finish_reason: reason, usage } })
    return sse(events)
  },
}

const ollamaMessage = (answer: Answer): JsonObject => ({
  role: 'assistant',
  content: answer.text ?? '',
  ...(answer.reasoning === undefined ? {} : { thinking: answer.reasoning }),
  ...(hasCalls(answer)
    ? { tool_calls: answer.calls.map(({ name, input }) => ({ function: { name, arguments: input } })) }
    : {}),
})
const OLLAMA_END = { done: true, done_reason: 'stop', prompt_eval_count: 10, eval_count: 5 }

const ollama: AnswerAuthor = {
  wholeType: 'application/json',
  streamType: 'application/x-ndjson',
  whole: (answer) =>
    jsonOf({ model: 'm', created_at: '2026-01-01T00:00:00Z', message: ollamaMessage(answer), ...OLLAMA_END }),
  stream(answer, ending) {
    const line = (part: Answer): JsonObject => ({ model: 'm', message: ollamaMessage(part), done: false })
    const lines: JsonObject[] = [
      ...(answer.reasoning === undefined
        ? []
        : halves(answer.reasoning).map((reasoning) => line({ reasoning, calls: [] }))),
      ...(answer.text === undefined ? [] : halves(answer.text).map((text) => line({ text, calls: [] }))),
      ...(hasCalls(answer) ? [line({ calls: answer.calls })] : []),
    ]
    if (ending === 'error') lines.push({ error: 'model runner has stopped' })
    if (ending === 'whole') lines.push({ model: 'm', message: { role: 'assistant', content: '' }, ...OLLAMA_END })
    return Buffer.from(lines.map((each) => `${JSON.stringify(each)}\n`).join(''))
  },
}

const BEDROCK_USAGE = { inputTokens: 10, outputTokens: 5, totalTokens: 15 }

const bedrock: AnswerAuthor = {
  wholeType: 'application/json',
  streamType: 'application/vnd.amazon.eventstream',
  whole: (answer) =>
    jsonOf({
      output: {
        message: {
          role: 'assistant',
          content: [
            ...(answer.reasoning === undefined
              ? []
              : [{ reasoningContent: { reasoningText: { text: answer.reasoning, signature: 'c2VhbGVk' } } }]),
            ...(answer.text === undefined ? [] : [{ text: answer.text }]),
            ...answer.calls.map(({ id, name, input }) => ({ toolUse: { toolUseId: id, name, input } })),
          ],
        },
      },
      stopReason: hasCalls(answer) ? 'tool_use' : 'end_turn',
      usage: BEDROCK_USAGE,
    }),
  stream(answer, ending) {
    let contentBlockIndex = 0
    const block = (deltas: readonly object[], start?: object): Buffer[] => {
      const at = { contentBlockIndex: contentBlockIndex++ }
      return [
        ...(start === undefined ? [] : [eventMessage('contentBlockStart', { ...at, start })]),
        ...deltas.map((delta) => eventMessage('contentBlockDelta', { ...at, delta })),
        eventMessage('contentBlockStop', at),
      ]
    }
    const { reasoning, text } = answer
    const messages: Buffer[] = [eventMessage('messageStart', { role: 'assistant' })]
    if (reasoning !== undefined) {
      const pieces = halves(reasoning).map((piece) => ({ reasoningContent: { text: piece } }))
      messages.push(...block([...pieces, { reasoningContent: { signature: 'c2VhbGVk' } }]))
    }
    if (text !== undefined) messages.push(...block(halves(text).map((piece) => ({ text: piece }))))
    for (const { id, name, input } of answer.calls) {
      const pieces = halves(JSON.stringify(input)).map((piece) => ({ toolUse: { input: piece } }))
      messages.push(...block(pieces, { toolUse: { toolUseId: id, name } }))
    }
    if (ending === 'error') messages.push(exceptionMessage('modelStreamErrorException', { message: 'It broke' }))
    if (ending === 'whole') {
      messages.push(eventMessage('messageStop', { stopReason: hasCalls(answer) ? 'tool_use' : 'end_turn' }))
      messages.push(eventMessage('metadata', { usage: BEDROCK_USAGE }))
    }
    return Buffer.concat(messages)
  },
}

const messages: AnswerAuthor = authorOf('anthropic-messages')

const bedrockInvoke: AnswerAuthor = {
  ...messages,
  streamType: 'application/vnd.amazon.eventstream',
  stream(answer, ending) {
    const sent = messages.stream(answer, ending === 'error' ? 'cut' : ending).toString()
    const events = sent.split('\n\n').flatMap((event) => /^data: (.*)$/m.exec(event)?.[1] ?? [])
    const chunks = events.map((event) => eventMessage('chunk', { bytes: Buffer.from(event).toString('base64') }))
    if (ending === 'error') chunks.push(exceptionMessage('modelStreamErrorException', { message: 'It broke' }))
    return Buffer.concat(chunks)
  },
}

const DOCUMENTED: Readonly<Record<DialectId, AnswerAuthor>> = {
  'cohere-chat': cohere,
  'ollama-chat': ollama,
  'bedrock-converse': bedrock,
  'bedrock-invoke': bedrockInvoke,
  'vertex-raw-predict': messages,
}
