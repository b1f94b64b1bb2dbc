import { GatewayError, isJsonObject, type JsonObject } from '@konnect/contract'
import { describe, expect, it } from 'vitest'
import type { WritableEvent } from '../../canonical/event.ts'
import { eventsIn } from '../../testing/exchange.ts'
import { ResponseWriter } from './stream-out.ts'

const IDENTITY = { requestId: 'r1', model: 'public', createdS: 7, wantsUsage: true }
const USAGE = {
  inputTokens: 10,
  outputTokens: 5,
  cachedInputTokens: 4,
  cacheWriteTokens: 0,
  cacheWriteLongTokens: 0,
  reasoningTokens: 2,
}

function written(...events: readonly WritableEvent[]): JsonObject[] {
  const writer = new ResponseWriter(IDENTITY)
  return eventsIn(events.map((event) => writer.write(event)).join('')).filter(isJsonObject)
}

const answered = (...events: readonly WritableEvent[]): JsonObject[] =>
  written({ type: 'start' }, ...events, { type: 'finish', reason: 'stop' }, { type: 'done' })

const typesOf = (events: readonly JsonObject[]): string[] =>
  events.map(({ type }) => String(type).replace('response.', ''))

const final = (events: readonly JsonObject[]): JsonObject => {
  const response = events.at(-1)?.response
  return isJsonObject(response) ? response : {}
}

const argument = (tool: number, text: string): WritableEvent => ({ type: 'tool_arguments', tool, text })

describe('a stream of response events', () => {
  it('opens and closes the response, its items and their parts in order, and counts every event', () => {
    const events = answered(
      { type: 'text', text: 'Hel' },
      { type: 'text', text: 'lo' },
      { type: 'usage', usage: USAGE },
    )
    expect(typesOf(events)).toEqual([
      'created',
      'in_progress',
      'output_item.added',
      'content_part.added',
      'output_text.delta',
      'output_text.delta',
      'output_text.done',
      'content_part.done',
      'output_item.done',
      'completed',
    ])
    expect(events.map((event) => event.sequence_number)).toEqual(events.map((_, index) => index))
  })

  it('ends with the whole response: items, usage, and the model as the client calls it', () => {
    const events = answered({ type: 'text', text: 'Hello' }, { type: 'usage', usage: USAGE })
    expect(final(events)).toMatchObject({
      id: 'resp_r1',
      object: 'response',
      created_at: 7,
      model: 'public',
      status: 'completed',
      error: null,
      incomplete_details: null,
      output: [
        { id: 'msg_r1_0', type: 'message', status: 'completed', content: [{ type: 'output_text', text: 'Hello' }] },
      ],
      usage: {
        input_tokens: 10,
        input_tokens_details: { cached_tokens: 4 },
        output_tokens: 5,
        output_tokens_details: { reasoning_tokens: 2 },
        total_tokens: 15,
      },
    })
  })

  it('never has two items open, even where the arguments of parallel calls interleave', () => {
    const events = answered(
      { type: 'tool_start', tool: 0, id: 'a', name: 'f' },
      { type: 'tool_start', tool: 1, id: 'b', name: 'g' },
      argument(0, '{"x"'),
      argument(1, '{}'),
      argument(0, ':1}'),
      { type: 'text', text: 'So' },
    )
    const about = events.filter(({ type }) => /item\.(added|done)|arguments\.delta/.test(String(type)))
    expect(about.map(({ type, output_index, delta }) => [String(type).split('.').at(-1), output_index, delta])).toEqual(
      [
        ['added', 0, undefined],
        ['delta', 0, '{"x"'],
        ['delta', 0, ':1}'],
        ['done', 0, undefined],
        ['added', 1, undefined],
        ['delta', 1, '{}'],
        ['done', 1, undefined],
        ['added', 2, undefined],
        ['done', 2, undefined],
      ],
    )
    expect(final(events).output).toMatchObject([
      { type: 'function_call', call_id: 'a', name: 'f', arguments: '{"x":1}', status: 'completed' },
      { type: 'function_call', call_id: 'b', name: 'g', arguments: '{}' },
      { type: 'message' },
    ])
  })

  it('gives a call without arguments an empty object', () => {
    const events = answered({ type: 'tool_start', tool: 0, id: 'a', name: 'f' }, { type: 'tool_end', tool: 0 })
    expect(events.find(({ type }) => type === 'response.function_call_arguments.done')).toMatchObject({
      arguments: '{}',
    })
    expect(final(events).output).toMatchObject([{ arguments: '{}' }])
  })

  it('shows reasoning as a summary, sealed so that it can come back', () => {
    const events = answered(
      { type: 'reasoning', text: 'Hm' },
      { type: 'signature', signature: 'sig' },
      { type: 'redacted', data: 'dark' },
      { type: 'text', text: 'So' },
    )
    expect(typesOf(events).slice(2, 9)).toEqual([
      'output_item.added',
      'reasoning_summary_part.added',
      'reasoning_summary_text.delta',
      'reasoning_summary_text.done',
      'reasoning_summary_part.done',
      'output_item.done',
      'output_item.added',
    ])
    expect(final(events).output).toMatchObject([
      {
        type: 'reasoning',
        summary: [{ type: 'summary_text', text: 'Hm' }],
        encrypted_content: expect.stringMatching(/sig$/),
      },
      { type: 'reasoning', summary: [], encrypted_content: expect.stringMatching(/dark$/) },
      { type: 'message' },
    ])
  })

  it('writes a refusal as a part of its own', () => {
    const events = answered({ type: 'text', text: 'Well' }, { type: 'refusal', text: 'No' })
    expect(typesOf(events)).toContain('refusal.delta')
    expect(events.find(({ type }) => type === 'response.refusal.done')).toMatchObject({
      content_index: 1,
      refusal: 'No',
    })
    expect(final(events)).toMatchObject({
      status: 'completed',
      output: [
        {
          content: [
            { type: 'output_text', text: 'Well' },
            { type: 'refusal', refusal: 'No' },
          ],
        },
      ],
    })
  })

  it.each([
    ['length', 'max_output_tokens'],
    ['content_filter', 'content_filter'],
  ] as const)('that stopped for %s is incomplete, and so is its open item', (reason, said) => {
    const events = written({ type: 'text', text: 'Hel' }, { type: 'finish', reason }, { type: 'done' })
    expect(events.at(-1)?.type).toBe('response.incomplete')
    expect(final(events)).toMatchObject({
      status: 'incomplete',
      incomplete_details: { reason: said },
      output: [{ status: 'incomplete' }],
    })
  })

  it('that breaks ends with the error and a failed response, never with a completed one', () => {
    const error = new GatewayError('upstream_truncated')
    const events = written({ type: 'text', text: 'Hel' }, { type: 'error', error })
    expect(typesOf(events).slice(-2)).toEqual(['error', 'failed'])
    expect(events.at(-2)).toMatchObject({ message: error.detail, error: { message: error.detail } })
    expect(final(events)).toMatchObject({ status: 'failed', error: { code: 'upstream_truncated' } })
  })

  it('that fails before it began is the error alone', () => {
    const events = written({ type: 'error', error: new GatewayError('upstream_invalid') })
    expect(typesOf(events)).toEqual(['error'])
  })

  it('that the model ended in an error is a failed response', () => {
    const events = written({ type: 'start' }, { type: 'finish', reason: 'error' }, { type: 'done' })
    expect(events.at(-1)?.type).toBe('response.failed')
    expect(final(events)).toMatchObject({ status: 'failed', error: { code: 'server_error' } })
  })
})
