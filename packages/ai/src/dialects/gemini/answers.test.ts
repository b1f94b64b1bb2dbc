import type { JsonObject } from '@konnect/contract'
import { describe, expect, it } from 'vitest'
import { answered, eventsIn, pump, textOf, translate } from '../../testing/exchange.ts'
import { gemini } from './dialect.ts'

const MEMO = { restoreToolName: (name: string) => name }
const USER = { role: 'user', content: 'Hello' }
const candidate = (parts: JsonObject[], more: JsonObject = {}): JsonObject => ({
  candidates: [{ content: { parts, role: 'model' }, index: 0, ...more }],
  responseId: 'r1',
})
const read = (body: JsonObject) => gemini.responseIn(body, MEMO)
const sse = (...chunks: JsonObject[]): string =>
  chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\r\n\r\n`).join('')

const toChat = (body: JsonObject = {}) =>
  translate({
    from: 'openai-chat',
    to: 'gemini',
    body: { messages: [USER], stream: true, stream_options: { include_usage: true }, ...body },
  })

describe('answers of the vendor', () => {
  it.each([
    ['STOP', 'stop'],
    ['MAX_TOKENS', 'length'],
    ['SAFETY', 'content_filter'],
    ['RECITATION', 'content_filter'],
    ['BLOCKLIST', 'content_filter'],
    ['PROHIBITED_CONTENT', 'content_filter'],
    ['SPII', 'content_filter'],
    ['IMAGE_SAFETY', 'content_filter'],
    ['MALFORMED_FUNCTION_CALL', 'error'],
    ['SOMETHING_NEW', 'stop'],
  ])('that end with %s end with %s', (finishReason, expected) => {
    expect(read(candidate([], { finishReason })).finishReason).toBe(expected)
  })

  it('that call a tool end with it, although the vendor says STOP, and their ids differ from answer to answer', () => {
    const response = read(
      candidate([{ functionCall: { name: 'f' } }, { functionCall: { name: 'g', id: 'own' } }], {
        finishReason: 'STOP',
      }),
    )
    expect(response.finishReason).toBe('tool_calls')
    expect(response.parts).toEqual([
      { type: 'tool_call', id: 'call_r1_0', name: 'f', arguments: '{}' },
      { type: 'tool_call', id: 'own', name: 'g', arguments: '{}' },
    ])
  })

  it('to a blocked prompt are refusals, in one piece and as a stream', () => {
    const blocked = {
      promptFeedback: { blockReason: 'SAFETY' },
      usageMetadata: { promptTokenCount: 4, totalTokenCount: 4 },
    }
    expect(read(blocked)).toMatchObject({
      parts: [{ type: 'refusal' }],
      finishReason: 'refusal',
      usage: { inputTokens: 4, outputTokens: 0 },
    })
    const stream = toChat().stream()
    expect(pump(stream, sse(blocked))).toContain('"finish_reason":"content_filter"')
    expect(stream.facts).toMatchObject({ isComplete: true, hasContent: true, finishReason: 'refusal' })
  })

  it('without a candidate or a reason for that are none', () => {
    expect(() => read({ usageMetadata: {} })).toThrow(expect.objectContaining({ code: 'upstream_invalid' }))
    expect(() => read({ error: { code: 503, message: 'm' } })).toThrow(expect.objectContaining({ status: 503 }))
  })

  it.each<[JsonObject, object]>([
    [
      {
        promptTokenCount: 10,
        cachedContentTokenCount: 4,
        toolUsePromptTokenCount: 5,
        candidatesTokenCount: 3,
        thoughtsTokenCount: 2,
        totalTokenCount: 20,
      },
      { inputTokens: 15, cachedInputTokens: 4, outputTokens: 5, reasoningTokens: 2 },
    ],
    // Thoughts counted inside of the answer.
    [
      { promptTokenCount: 10, candidatesTokenCount: 5, thoughtsTokenCount: 2, totalTokenCount: 15 },
      { outputTokens: 5, reasoningTokens: 2 },
    ],
  ])('count %j', (usageMetadata, usage) => {
    expect(read({ ...candidate([]), usageMetadata }).usage).toMatchObject(usage)
  })

  it('that only say what kind of traffic it was have not counted yet', () => {
    expect(read({ ...candidate([]), usageMetadata: { trafficType: 'ON_DEMAND' } }).usage).toBeNull()
  })
})

describe('streams of the vendor', () => {
  it('are complete when a reason to finish came, though nothing marks the end', () => {
    const stream = toChat().stream()
    const usageMetadata = { promptTokenCount: 1, candidatesTokenCount: 1, totalTokenCount: 2 }
    const out = pump(
      stream,
      sse(candidate([{ text: 'Hi' }]), { ...candidate([{ text: '' }], { finishReason: 'STOP' }), usageMetadata }),
    )
    expect(out).toMatch(/"finish_reason":"stop".*"usage":.*\[DONE\]\n\n$/s)
    expect(stream.facts).toMatchObject({ isComplete: true, usage: { inputTokens: 1, outputTokens: 1 } })
  })

  it('are truncated without one, for clients of this dialect and of others', () => {
    const cut = sse(candidate([{ text: 'Hi' }]))
    const foreign = toChat().stream()
    expect(pump(foreign, cut)).not.toContain('[DONE]')
    expect(foreign.facts.isComplete).toBe(false)
    const own = translate({ from: 'gemini', to: 'gemini', body: { contents: [] } }).stream()
    const out = pump(own, cut)
    expect(out.startsWith(cut)).toBe(true)
    expect(eventsIn(out).at(-1)).toMatchObject({ error: { code: 502, status: 'INTERNAL' } })
    expect(own.facts).toMatchObject({ isComplete: false, hasContent: true })
  })

  it('end with the error that they hold', () => {
    const broken = sse(candidate([{ text: 'Hi' }]), {
      error: { code: 503, message: 'Overloaded', status: 'UNAVAILABLE' },
    })
    const stream = toChat().stream()
    expect(eventsIn(pump(stream, broken)).at(-1)).toMatchObject({ error: { message: 'Overloaded' } })
    expect(stream.facts.error).toMatchObject({ status: 503 })
    const own = translate({ from: 'gemini', to: 'gemini', body: { contents: [] } }).stream()
    expect(pump(own, broken)).toBe(broken)
    expect(own.facts).toMatchObject({ error: { status: 503 }, isComplete: false })
  })

  it('hand over calls whose arguments came in pieces', () => {
    const piece = (functionCall: JsonObject, more: JsonObject = {}) => candidate([{ functionCall }], more)
    const out = pump(
      toChat().stream(),
      sse(
        piece({ name: 'f', willContinue: true }),
        piece({ partialArgs: [{ jsonPath: '$.city', stringValue: 'Bo', willContinue: true }], willContinue: true }),
        piece({ partialArgs: [{ jsonPath: '$.city', stringValue: 'nn' }], willContinue: true }),
        piece({}),
        piece({ name: 'g' }, { finishReason: 'STOP' }),
      ),
    )
    expect(out).toContain('"arguments":"{\\"city\\":\\"Bonn\\"}"')
    expect(out).toMatch(/"index":1,"id":"call_r1_1".*"finish_reason":"tool_calls"/s)
  })
})

describe('signatures', () => {
  const sealed = candidate(
    [
      { text: 'hm', thought: true },
      { functionCall: { name: 'f', args: {} }, thoughtSignature: 'c2ln' },
    ],
    { finishReason: 'STOP' },
  )
  const back = (message: JsonObject, to: string, model = 'gemini-3-flash') => {
    const messages = [USER, message, { role: 'tool', tool_call_id: 'call_r1_0', content: 'r' }]
    return textOf(translate({ from: 'openai-chat', to, body: { messages }, model }).body)
  }

  it('come back to the call that they seal, through a client of another dialect', () => {
    const answer = answered(translate({ from: 'openai-chat', to: 'gemini', body: { messages: [USER] } }), sealed)
    const [choice] = answer.choices as [{ message: JsonObject }]
    expect(choice.message.reasoning_content).toBe('hm')
    expect(back(choice.message, 'gemini')).toContain(
      '{"text":"hm","thought":true},{"functionCall":{"id":"call_r1_0","name":"f","args":{}},"thoughtSignature":"c2ln"}',
    )
  })

  it('never reach a vendor of another dialect', () => {
    const answer = answered(translate({ from: 'openai-chat', to: 'gemini', body: { messages: [USER] } }), sealed)
    const [choice] = answer.choices as [{ message: JsonObject }]
    const sent = back(choice.message, 'anthropic-messages', 'claude-sonnet-4-5')
    expect(sent).toContain('tool_use')
    expect(sent).not.toContain('c2ln')
  })

  it('on an answer without calls stand on its text, or alone when they came last', () => {
    const { parts } = read(candidate([{ text: 'Hi', thoughtSignature: 'c2ln' }]))
    expect(parts).toEqual([
      { type: 'reasoning', text: '', signature: expect.stringContaining('c2ln') },
      { type: 'text', text: 'Hi' },
    ])
    const last = read(candidate([{ text: 'Hi' }, { text: '', thoughtSignature: 'c2ln' }])).parts
    expect(last.map(({ type }) => type)).toEqual(['text', 'reasoning'])
  })

  it('of other vendors reach clients as base64, come back, and are taken out for vendors of this dialect', () => {
    const thinking = { type: 'thinking', thinking: 'hm', signature: 'bGlrZQ==' }
    const redacted = { type: 'redacted_thinking', data: 'b3BhcXVl' }
    const message = {
      type: 'message',
      role: 'assistant',
      content: [thinking, redacted, { type: 'text', text: 'Hi' }],
      stop_reason: 'end_turn',
      usage: {},
    }
    const asked = { contents: [{ parts: [{ text: 'Hello' }] }] }
    const answer = answered(translate({ from: 'gemini', to: 'anthropic-messages', body: asked }), message)
    const [{ content }] = answer.candidates as [{ content: { parts: JsonObject[] } }]
    for (const part of content.parts.slice(0, 2))
      expect(part.thoughtSignature).toMatch(/^(?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/)
    const next = { contents: [...asked.contents, content, ...asked.contents] }
    const toOther = translate({ from: 'gemini', to: 'anthropic-messages', body: next })
    expect(JSON.parse(textOf(toOther.body)).messages[1].content).toEqual(message.content)
    const toOwn = translate({ from: 'gemini', to: 'gemini', body: JSON.stringify(next) })
    expect(JSON.parse(textOf(toOwn.body)).contents[1].parts).toEqual([{ text: 'Hi' }])
    expect(toOwn.dropped).toEqual(['thinking_signature'])
  })
})

describe('answers for clients', () => {
  it('hold calls whole, in the order in which they began, however their pieces interleave', () => {
    const writer = gemini.streamOut({ requestId: 'r', model: 'm', createdS: 1, wantsUsage: true })
    const out = [
      writer.write({ type: 'tool_start', tool: 0, id: 'a', name: 'f' }),
      writer.write({ type: 'tool_start', tool: 1, id: 'b', name: 'g' }),
      writer.write({ type: 'tool_arguments', tool: 1, text: '{"x":1}' }),
      writer.write({ type: 'tool_end', tool: 1 }),
      writer.write({ type: 'tool_arguments', tool: 0, text: 'no JSON' }),
      writer.write({ type: 'finish', reason: 'tool_calls' }),
      writer.write({ type: 'done' }),
    ]
    expect(out.slice(0, 5).join('')).toBe('')
    expect(eventsIn(out.join(''))).toMatchObject([
      {
        candidates: [
          {
            content: {
              parts: [
                { functionCall: { id: 'a', name: 'f', args: { raw_arguments: 'no JSON' } } },
                { functionCall: { id: 'b', args: { x: 1 } } },
              ],
            },
          },
        ],
      },
      { candidates: [{ finishReason: 'STOP' }], modelVersion: 'm', responseId: 'r' },
    ])
  })

  it('list models under their resource names', () => {
    expect(gemini.modelsOut?.([{ name: 'a', createdAt: '' }])).toMatchObject({
      models: [{ name: 'models/a', displayName: 'a' }],
    })
  })
})
