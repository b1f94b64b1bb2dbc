import type { JsonObject } from '@konnect/contract'
import { describe, expect, it } from 'vitest'
import type { ChatEvent } from '../../canonical/event.ts'
import { ChatReader } from './stream-in.ts'

const memo = { restoreToolName: (name: string) => name }

function read(...events: readonly JsonObject[]): ChatEvent[] {
  const reader = new ChatReader(memo)
  return [...events.flatMap((data) => reader.read({ name: '', data: JSON.stringify(data) })), ...reader.end()]
}

const call = (type: string, index: number, tool_calls: JsonObject): JsonObject => ({
  type,
  index,
  delta: { message: { tool_calls } },
})
const end = (finish_reason: string, more: JsonObject = {}): JsonObject => ({
  type: 'message-end',
  delta: {
    finish_reason,
    usage: { billed_units: { input_tokens: 3, output_tokens: 2 }, tokens: { input_tokens: 500, output_tokens: 9 } },
    ...more,
  },
})

describe('a stream of Cohere’s chat', () => {
  it('counts tools from 0 whatever their index, and mends the finish reason of calls', () => {
    const events = read(
      { type: 'message-start', delta: { message: { role: 'assistant' } } },
      { type: 'tool-plan-delta', delta: { message: { tool_plan: 'I will.' } } },
      call('tool-call-start', 4, { id: 'x', function: { name: 'a', arguments: '' } }),
      { type: 'tool-call-end', index: 4 },
      call('tool-call-start', 7, { id: 'y', function: { name: 'b', arguments: '{"n"' } }),
      call('tool-call-delta', 7, { function: { arguments: ':1}' } }),
      { type: 'tool-call-end', index: 7 },
      end('COMPLETE'),
    )
    expect(events).toMatchObject([
      { type: 'start' },
      { type: 'reasoning', text: 'I will.' },
      { type: 'tool_start', tool: 0, id: 'x', name: 'a' },
      { type: 'tool_end', tool: 0 },
      { type: 'tool_start', tool: 1, id: 'y', name: 'b' },
      { type: 'tool_arguments', tool: 1, text: '{"n"' },
      { type: 'tool_arguments', tool: 1, text: ':1}' },
      { type: 'tool_end', tool: 1 },
      { type: 'usage', usage: { inputTokens: 3, outputTokens: 2 } },
      { type: 'finish', reason: 'tool_calls' },
      { type: 'done' },
    ])
  })

  it.each([
    ['COMPLETE', 'stop'],
    ['STOP_SEQUENCE', 'stop'],
    ['MAX_TOKENS', 'length'],
    ['ERROR_TOXIC', 'content_filter'],
    ['NEVER_HEARD_OF', 'stop'],
  ])('ends with %s as %s', (given, reason) => {
    expect(read(end(given))).toContainEqual({ type: 'finish', reason })
  })

  it('ends with an error, and never with success, when the model gave up', () => {
    const events = read(end('ERROR', { error: 'No capacity' }))
    expect(events.at(-1)).toMatchObject({ type: 'error', error: { code: 'upstream_error', detail: 'No capacity' } })
    expect(events.some(({ type }) => type === 'done' || type === 'finish')).toBe(false)
  })

  it('reads an error that stands alone in the stream', () => {
    expect(read({ message: 'Slow down' })).toMatchObject([{ type: 'error', error: { detail: 'Slow down' } }])
  })

  it('tells that there are citations, and passes over pings and terminators', () => {
    const reader = new ChatReader(memo)
    expect(read({ type: 'citation-start', index: 0, delta: { message: { citations: {} } } })).toEqual([
      { type: 'citations' },
    ])
    expect(read({ type: 'citation-end', index: 0 })).toEqual([])
    expect(reader.read({ name: '', data: null })).toEqual([{ type: 'ping' }])
    expect(reader.read({ name: '', data: '[DONE]' })).toEqual([])
  })
})
