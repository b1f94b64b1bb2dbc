import type { JsonObject } from '@konnect/contract'
import { describe, expect, it } from 'vitest'
import { eventMessage, exceptionMessage } from '../../testing/aws-event-stream.ts'
import { eventsIn, openStream, textOf } from '../../testing/exchange.ts'

const start = eventMessage('messageStart', { role: 'assistant' })
const stop = (stopReason: string) => eventMessage('messageStop', { stopReason })
const metadata = eventMessage('metadata', {
  usage: {
    inputTokens: 10,
    outputTokens: 5,
    cacheReadInputTokens: 4,
    cacheWriteInputTokens: 3,
    cacheDetails: [{ inputTokens: 2, ttl: '1h' }],
  },
})
const delta = (index: number, value: JsonObject) =>
  eventMessage('contentBlockDelta', { contentBlockIndex: index, delta: value })
const begin = (index: number, name: string) =>
  eventMessage('contentBlockStart', { contentBlockIndex: index, start: { toolUse: { toolUseId: `t${index}`, name } } })
const end = (index: number) => eventMessage('contentBlockStop', { contentBlockIndex: index })

function relayed(messages: readonly Buffer[], body: JsonObject = {}, client = 'openai-chat') {
  const stream = openStream(client, 'bedrock-converse', body)
  const text = textOf(stream.write(Buffer.concat(messages))) + textOf(stream.end())
  const events = eventsIn(text) as { choices?: { delta: JsonObject; finish_reason: string | null }[] }[]
  const choices = events.flatMap((event) => event.choices ?? [])
  return {
    events,
    text,
    deltas: choices.map((one) => one.delta),
    finish: choices.at(-1)?.finish_reason,
    facts: stream.facts,
  }
}

describe('a stream of Converse', () => {
  it('counts tools and not blocks, and a tool without arguments has empty ones', () => {
    const { deltas, finish } = relayed([
      start,
      delta(0, { text: 'Hi' }),
      end(0),
      begin(1, 'a'),
      delta(1, { toolUse: { input: '{"n"' } }),
      delta(1, { toolUse: { input: ':1}' } }),
      end(1),
      begin(2, 'b'),
      end(2),
      stop('tool_use'),
      metadata,
    ])
    const calls = deltas.flatMap(({ tool_calls }) => (tool_calls ?? []) as JsonObject[])
    expect(calls.map(({ index }) => index)).toEqual([0, 0, 0, 1, 1])
    expect(calls.map((call) => (call.function as JsonObject).arguments)).toEqual(['', '{"n"', ':1}', '', '{}'])
    expect(finish).toBe('tool_calls')
  })

  it('tells that text had sources, which the client does not get', () => {
    const cited = [delta(0, { text: 'Paris' }), delta(0, { citation: { title: 'A', source: 'https://a.example/' } })]
    const { text, facts } = relayed([start, ...cited, end(0), stop('end_turn'), metadata])
    expect(facts).toMatchObject({ dropped: ['answer.citations'], isComplete: true })
    expect(text).toContain('Paris')
    expect(text).not.toContain('a.example')
  })

  it('counts tokens of the cache among the input, those kept for an hour apart', () => {
    expect(relayed([start, delta(0, { text: 'Hi' }), end(0), stop('end_turn'), metadata]).facts).toMatchObject({
      isComplete: true,
      usage: {
        inputTokens: 17,
        outputTokens: 5,
        cachedInputTokens: 4,
        cacheWriteTokens: 1,
        cacheWriteLongTokens: 2,
      },
    })
  })

  it('is whole without metadata, and truncated without its end', () => {
    expect(relayed([start, delta(0, { text: 'Hi' }), stop('end_turn')]).facts.isComplete).toBe(true)
    expect(relayed([start, delta(0, { text: 'Hi' }), end(0)]).facts.isComplete).toBe(false)
  })

  it.each([
    ['end_turn', 'stop'],
    ['stop_sequence', 'stop'],
    ['max_tokens', 'length'],
    ['model_context_window_exceeded', 'length'],
    ['guardrail_intervened', 'content_filter'],
    ['content_filtered', 'content_filter'],
    ['malformed_model_output', 'error'],
    ['never_heard_of', 'stop'],
  ])('ends with %s as %s', (given, reason) => {
    expect(relayed([start, delta(0, { text: 'Hi' }), stop(given), metadata]).facts.finishReason).toBe(reason)
  })

  it('gives thinking with its seal, and what is redacted', () => {
    const { text } = relayed(
      [
        start,
        delta(0, { reasoningContent: { text: 'hm' } }),
        delta(0, { reasoningContent: { signature: 'seal' } }),
        end(0),
        delta(1, { reasoningContent: { redactedContent: 'AAAA' } }),
        end(1),
        delta(2, { text: 'Hi' }),
        stop('end_turn'),
        metadata,
      ],
      {},
      'anthropic-messages',
    )
    expect(text).toContain('"signature":"seal"')
    expect(text).toContain('{"type":"redacted_thinking","data":"AAAA"}')
  })

  it('gives the arguments of a forced output tool as text', () => {
    const response_format = { type: 'json_schema', json_schema: { name: 'x', schema: { type: 'object' } } }
    const input = { toolUse: { input: '{"n":1}' } }
    const { deltas, finish } = relayed([start, begin(0, 'x'), delta(0, input), end(0), stop('tool_use'), metadata], {
      response_format,
    })
    expect(deltas.map(({ content }) => content ?? '').join('')).toBe('{"n":1}')
    expect(finish).toBe('stop')
  })

  it.each([
    ['throttlingException', 429],
    ['validationException', 400],
    ['modelStreamErrorException', 424],
    ['serviceUnavailableException', 503],
    ['brandNewException', 502],
  ])('ends with the error that %s stands for: %d', (type, status) => {
    const { facts, events } = relayed([start, delta(0, { text: 'Hi' }), exceptionMessage(type, { message: 'Sorry' })])
    expect(facts).toMatchObject({ isComplete: false, error: { code: 'upstream_error', status, detail: 'Sorry' } })
    expect(events.at(-1)).toMatchObject({ error: { message: 'Sorry' } })
  })

  it('ends with an error when a frame is damaged', () => {
    const bad = delta(0, { text: 'Hi' })
    bad[bad.length - 10] = 0
    const { facts, text } = relayed([start, bad, stop('end_turn'), metadata])
    expect(facts.error?.code).toBe('upstream_invalid')
    expect(text).not.toContain('[DONE]')
  })
})
