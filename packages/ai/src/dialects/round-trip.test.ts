import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ChatEvent, WritableEvent } from '../canonical/event.ts'
import type { ChatMessage, ChatRequest, ContentPart } from '../canonical/request.ts'
import type { AnswerPart, ChatResponse } from '../canonical/response.ts'
import { compact } from '../json/access.ts'
import { LossRecorder } from '../loss.ts'
import { parseEvent } from '../sse/event.ts'
import { EventSplitter } from '../sse/splitter.ts'
import type { Dialect } from './dialect.ts'
import { dialects } from './list.ts'

const IDENTITY = { requestId: 'r', model: 'm', createdS: 1, wantsUsage: true }
const MEMO = { restoreToolName: (name: string) => name }

const word = fc.string({ minLength: 1, maxLength: 20 }).filter((text) => text.trim() !== '' && text === text.trim())
const name = fc.stringMatching(/^[a-z][a-z0-9_-]{0,15}$/)
const args = fc
  .dictionary(name, fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null)))
  .map((value) => JSON.stringify(value))
const text = word.map((value): ContentPart => ({ type: 'text', text: value }))
const image = fc.constantFrom<ContentPart>(
  { type: 'image', source: { kind: 'url', url: 'https://example.com/a.png' } },
  { type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: 'AAAA' } },
)

/** A conversation that every dialect can say: alternating turns, with rounds of parallel calls in between. */
const conversation = fc
  .tuple(
    fc.option(word, { nil: undefined }),
    fc.array(
      fc.record({
        asked: fc.oneof(
          text.map((part) => [part]),
          fc.tuple(image, text),
        ),
        said: text,
        calls: fc.array(fc.record({ name, args, result: word }), { maxLength: 3 }),
      }),
      { minLength: 1, maxLength: 4 },
    ),
    word,
  )
  .map(([system, rounds, last]): ChatMessage[] => {
    const messages: ChatMessage[] =
      system === undefined ? [] : [{ role: 'system', parts: [{ type: 'text', text: system }] }]
    rounds.forEach(({ asked, said, calls }, round) => {
      const ids = calls.map((_, index) => `call_${round}_${index}`)
      messages.push({ role: 'user', parts: asked })
      messages.push({
        role: 'assistant',
        parts: [
          said,
          ...calls.map(
            (call, i): ContentPart => ({ type: 'tool_call', id: ids[i] ?? '', name: call.name, arguments: call.args }),
          ),
        ],
      })
      if (calls.length === 0) return
      const results = calls.map(
        (call, i): ContentPart => ({
          type: 'tool_result',
          callId: ids[i] ?? '',
          parts: [{ type: 'text', text: call.result }],
          isError: false,
        }),
      )
      messages.push({ role: 'user', parts: results }, { role: 'assistant', parts: [{ type: 'text', text: 'Next' }] })
    })
    messages.push({ role: 'user', parts: [{ type: 'text', text: last }] })
    return messages
  })

const request = fc.record({
  messages: conversation,
  tools: fc
    .uniqueArray(name, { minLength: 1, maxLength: 3 })
    .map((names) => names.map((one) => ({ name: one, description: 'd', parameters: { type: 'object' } }))),
  toolChoice: fc.constantFrom(
    { type: 'auto' as const },
    { type: 'none' as const },
    { type: 'required' as const },
    { type: 'tool' as const, name: 'f' },
  ),
  maxTokens: fc.integer({ min: 1, max: 100_000 }),
  temperature: fc.constantFrom(0, 0.5, 1),
  stop: fc.array(word, { maxLength: 4 }),
  user: word,
  isStream: fc.boolean(),
  wantsUsage: fc.constant(true),
  extras: fc.constant({}),
  losses: fc.constant([]),
})

// What matters of a conversation: a tool result each in a message of its own or all in one is the same.
const gist = (messages: readonly ChatMessage[]): unknown[] =>
  messages.flatMap(({ role, parts }) => parts.map((part) => [role, part]))

const answer = fc
  .record({
    reasoning: fc.option(word, { nil: undefined }),
    text: fc.option(word, { nil: undefined }),
    calls: fc.array(fc.record({ name, args }), { maxLength: 3 }),
    reason: fc.constantFrom('stop' as const, 'length' as const),
    counts: fc.tuple(fc.nat(1000), fc.nat(1000), fc.nat(1000)),
  })
  .map(({ reasoning, text: said, calls, reason, counts: [plain, cached, output] }): ChatResponse => {
    const parts: AnswerPart[] = []
    if (reasoning !== undefined) parts.push({ type: 'reasoning', text: reasoning, signature: 'sealed' })
    if (said !== undefined) parts.push({ type: 'text', text: said })
    parts.push(
      ...calls.map(
        (call, i): AnswerPart => ({ type: 'tool_call', id: `call_${i}`, name: call.name, arguments: call.args }),
      ),
    )
    return {
      parts,
      finishReason: reason === 'stop' && calls.length > 0 ? 'tool_calls' : reason,
      usage: {
        inputTokens: plain + cached,
        outputTokens: output,
        cachedInputTokens: cached,
        cacheWriteTokens: 0,
        cacheWriteLongTokens: 0,
        reasoningTokens: 0,
      },
    }
  })

/** Settings that a dialect has no field for: it says so, and what it writes comes back without them. */
const INEXPRESSIBLE: Readonly<Record<string, { readonly stop?: string[]; readonly user?: undefined }>> = {
  'openai-responses': { stop: [] },
  gemini: { user: undefined },
}

/** A dialect that loses `messages` takes one text of the user's and answers with text alone. */
const hasOneText = (dialect: Dialect): boolean => 'messages' in dialect.losses

const asked = (dialect: Dialect, generated: ChatRequest): ChatRequest =>
  hasOneText(dialect) ? { ...withoutTools(generated), messages: generated.messages.slice(-1) } : generated

const withoutTools = ({ toolChoice: _choice, ...rest }: ChatRequest): ChatRequest => ({ ...rest, tools: [] })

const answeredBy = (dialect: Dialect, generated: ChatResponse): ChatResponse => {
  if (!hasOneText(dialect)) return generated
  const { finishReason, parts } = generated
  const texts = parts.filter(({ type }) => type === 'text')
  return { ...generated, parts: texts, finishReason: finishReason === 'tool_calls' ? 'stop' : finishReason }
}

describe.each(dialects)('$id', (dialect) => {
  it('reads back every request that it writes', () => {
    fc.assert(
      fc.property(request, (generated) => {
        const given = { ...asked(dialect, generated as ChatRequest), ...INEXPRESSIBLE[dialect.id] }
        const losses = new LossRecorder(dialect.losses)
        const read = dialect.requestIn(dialect.requestOut(given as ChatRequest, 'some-model', losses).body, {
          model: 'some-model',
          isStream: given.isStream,
        })
        expect(losses.names).toEqual([])
        expect(gist(read.messages)).toEqual(gist(given.messages))
        const { messages: _messages, wantsUsage: _wantsUsage, ...rest } = given
        expect(read).toMatchObject(compact(rest))
      }),
    )
  })

  it('reads back every answer that it writes', () => {
    fc.assert(
      fc.property(answer, (generated) => {
        const given = answeredBy(dialect, generated)
        expect(dialect.responseIn(dialect.responseOut(given, IDENTITY), MEMO)).toEqual(given)
      }),
    )
  })

  it('reads back every stream that it writes, however finely the answer comes', () => {
    fc.assert(
      fc.property(answer, fc.integer({ min: 1, max: 7 }), (generated, size) => {
        const given = answeredBy(dialect, generated)
        const writer = dialect.streamOut(IDENTITY)
        const reader = dialect.streamIn(MEMO)
        const stream = eventsOf(given, size)
          .map((event) => writer.write(event))
          .join('')
        const read: ChatEvent[] = []
        new EventSplitter().push(Buffer.from(stream), (source, start, end) => {
          read.push(...reader.read(parseEvent(source.toString('utf8', start, end))))
        })
        // Not every dialect has a terminator.
        read.push(...reader.end())
        expect(gather(read)).toEqual(gather(eventsOf(given, 1000)))
      }),
    )
  })
})

function eventsOf(given: ChatResponse, size: number): WritableEvent[] {
  const events: WritableEvent[] = [{ type: 'start' }]
  let tool = 0
  for (const part of given.parts) {
    if (part.type === 'reasoning') {
      events.push(...pieces(part.text, size).map((piece): WritableEvent => ({ type: 'reasoning', text: piece })))
      events.push({ type: 'signature', signature: part.signature ?? '' })
    } else if (part.type === 'text')
      events.push(...pieces(part.text, size).map((piece): WritableEvent => ({ type: 'text', text: piece })))
    else if (part.type === 'tool_call') {
      events.push({ type: 'tool_start', tool, id: part.id, name: part.name })
      for (const piece of pieces(part.arguments, size)) events.push({ type: 'tool_arguments', tool, text: piece })
      events.push({ type: 'tool_end', tool: tool++ })
    }
  }
  if (given.usage) events.push({ type: 'usage', usage: given.usage })
  return [...events, { type: 'finish', reason: given.finishReason }, { type: 'done' }]
}

const pieces = (value: string, size: number): string[] => value.match(new RegExp(`[^]{1,${size}}`, 'gu')) ?? []

function gather(events: readonly ChatEvent[]): object {
  const found = { text: '', calls: [] as string[][], finish: '', usage: {}, signature: '' }
  for (const event of events) {
    if (event.type === 'text') found.text += event.text
    else if (event.type === 'tool_start') found.calls[event.tool] = [event.id, event.name, '']
    else if (event.type === 'tool_arguments') {
      const call = found.calls[event.tool]
      if (call) call[2] += event.text
    } else if (event.type === 'finish') found.finish = event.reason
    else if (event.type === 'usage') found.usage = event.usage
    else if (event.type === 'signature') found.signature = event.signature
  }
  return found
}
