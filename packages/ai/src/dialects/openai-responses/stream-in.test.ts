import type { JsonObject } from '@konnect/contract'
import { describe, expect, it } from 'vitest'
import type { ChatEvent } from '../../canonical/event.ts'
import { eventsIn, frames, openStream, pump } from '../../testing/exchange.ts'
import { ResponseReader } from './stream-in.ts'

function read(...events: readonly JsonObject[]): ChatEvent[] {
  const reader = new ResponseReader({ restoreToolName: (name) => name.toUpperCase() })
  return events.flatMap((event) => [...reader.read({ name: '', data: JSON.stringify(event) })])
}

const created = { type: 'response.created', response: { status: 'in_progress' } }
const added = (output_index: number, item: JsonObject): JsonObject => ({
  type: 'response.output_item.added',
  output_index,
  item,
})
const done = (output_index: number, item: JsonObject): JsonObject => ({
  type: 'response.output_item.done',
  output_index,
  item,
})
const delta = (kind: string, output_index: number, text: string, more: JsonObject = {}): JsonObject => ({
  type: `response.${kind}.delta`,
  output_index,
  delta: text,
  ...more,
})
const completed = (response: JsonObject = {}): JsonObject => ({
  type: 'response.completed',
  response: { status: 'completed', usage: { input_tokens: 3, output_tokens: 2 }, ...response },
})
const call = (id: string, text = ''): JsonObject => ({ type: 'function_call', call_id: id, name: 'f', arguments: text })
const message = (text: string): JsonObject => ({ type: 'message', content: [{ type: 'output_text', text }] })

const finishOf = (events: readonly ChatEvent[]) => events.find((event) => event.type === 'finish')

describe('a stream of a Responses vendor', () => {
  it('is read delta by delta, without what later events repeat', () => {
    const events = read(
      created,
      added(0, { type: 'message', content: [] }),
      delta('output_text', 0, 'Hel', { content_index: 0 }),
      delta('output_text', 0, 'lo', { content_index: 0 }),
      { type: 'response.output_text.done', output_index: 0, content_index: 0, text: 'Hello' },
      done(0, message('Hello')),
      completed({ output: [message('Hello')] }),
    )
    expect(events).toMatchObject([
      { type: 'start' },
      { type: 'text', text: 'Hel' },
      { type: 'text', text: 'lo' },
      { type: 'usage', usage: { inputTokens: 3, outputTokens: 2 } },
      { type: 'finish', reason: 'stop' },
      { type: 'done' },
    ])
  })

  it('gives what the deltas left out, from whichever event has it', () => {
    const late = read(created, added(0, message('')), delta('output_text', 0, 'Hel'), done(0, message('Hello')))
    expect(late.slice(1)).toEqual([
      { type: 'text', text: 'Hel' },
      { type: 'text', text: 'lo' },
    ])
    const last = read(created, completed({ output: [message('Hello'), call('a', '{}')] }))
    expect(last.slice(1, 5)).toEqual([
      { type: 'text', text: 'Hello' },
      { type: 'tool_start', tool: 0, id: 'a', name: 'F' },
      { type: 'tool_arguments', tool: 0, text: '{}' },
      { type: 'tool_end', tool: 0 },
    ])
    expect(finishOf(last)).toMatchObject({ reason: 'tool_calls' })
  })

  it('counts calls among calls only, and gives each its arguments once', () => {
    const events = read(
      created,
      added(0, { type: 'reasoning' }),
      added(1, { type: 'web_search_call' }),
      added(2, call('a')),
      added(3, call('b')),
      delta('function_call_arguments', 3, '{"y":2}'),
      delta('function_call_arguments', 2, '{"x":1}'),
      { type: 'response.function_call_arguments.done', output_index: 2, arguments: '{"x":1}' },
      done(2, call('a', '{"x":1}')),
      done(3, call('b', '{"y":2}')),
      completed(),
    )
    expect(events.filter(({ type }) => type.startsWith('tool'))).toEqual([
      { type: 'tool_start', tool: 0, id: 'a', name: 'F' },
      { type: 'tool_start', tool: 1, id: 'b', name: 'F' },
      { type: 'tool_arguments', tool: 1, text: '{"y":2}' },
      { type: 'tool_arguments', tool: 0, text: '{"x":1}' },
      { type: 'tool_end', tool: 0 },
      { type: 'tool_end', tool: 1 },
    ])
    expect(finishOf(events)).toMatchObject({ reason: 'tool_calls' })
  })

  it('reads the paragraphs of a summary, and the seal at its end', () => {
    const summary = ['One', 'Two'].map((text) => ({ type: 'summary_text', text }))
    const events = read(
      created,
      added(0, { type: 'reasoning', summary: [] }),
      delta('reasoning_summary_text', 0, 'One', { summary_index: 0 }),
      delta('reasoning_summary_text', 0, 'Two', { summary_index: 1 }),
      delta('reasoning_text', 0, 'in full', { content_index: 0 }),
      done(0, { type: 'reasoning', summary, encrypted_content: 'secret' }),
    )
    expect(events.slice(1)).toEqual([
      { type: 'reasoning', text: 'One' },
      { type: 'reasoning', text: '\n\nTwo' },
      { type: 'signature', signature: expect.stringMatching(/secret$/) },
    ])
  })

  it('reads reasoning without a summary as redacted when it is sealed, and as text when it is told', () => {
    expect(read(created, done(0, { type: 'reasoning', summary: [], encrypted_content: 'dark' })).slice(1)).toEqual([
      { type: 'redacted', data: expect.stringMatching(/dark$/) },
    ])
    const told = read(created, added(0, { type: 'reasoning' }), delta('reasoning_text', 0, 'Hm', { content_index: 0 }))
    expect(told.slice(1)).toEqual([{ type: 'reasoning', text: 'Hm' }])
  })

  it('reads a refusal, and that it ended the answer', () => {
    const events = read(created, added(0, { type: 'message' }), delta('refusal', 0, 'No'), completed())
    expect(events[1]).toEqual({ type: 'refusal', text: 'No' })
    expect(finishOf(events)).toMatchObject({ reason: 'refusal' })
  })

  it('makes an object of the free text of a custom tool, piece by piece', () => {
    const custom = { type: 'custom_tool_call', call_id: 'c', name: 'sql', input: '' }
    const events = read(
      created,
      added(0, custom),
      delta('custom_tool_call_input', 0, 'SELECT "'),
      delta('custom_tool_call_input', 0, 'a"'),
      done(0, { ...custom, input: 'SELECT "a"' }),
    )
    const text = events.map((event) => (event.type === 'tool_arguments' ? event.text : '')).join('')
    expect(JSON.parse(text)).toEqual({ input: 'SELECT "a"' })
  })

  it.each([
    [{ reason: 'max_output_tokens' }, 'length'],
    [{ reason: 'content_filter' }, 'content_filter'],
    [null, 'length'],
  ])('that is incomplete for %j stopped for %s', (incomplete_details, reason) => {
    const response = { status: 'incomplete', incomplete_details }
    expect(finishOf(read(created, { type: 'response.incomplete', response }))).toMatchObject({ reason })
  })

  it.each([
    [{ type: 'error', code: 'rate_limit_exceeded', message: 'Slow down', param: null }],
    [{ type: 'error', error: { type: 'rate_limit', code: 'rpm', message: 'Slow down' } }],
    [
      {
        type: 'response.failed',
        response: { status: 'failed', error: { code: 'rate_limit_exceeded', message: 'Slow down' } },
      },
    ],
  ])('that fails says why, whichever way: %j', (event) => {
    expect(read(created, event).at(-1)).toMatchObject({
      type: 'error',
      error: { code: 'upstream_error', status: 429, detail: 'Slow down' },
    })
  })

  it('without its terminator is truncated for clients of every dialect, [DONE] or not', () => {
    const text = frames([created, added(0, message('')), delta('output_text', 0, 'Hel')])
    for (const client of ['openai-chat', 'anthropic-messages']) {
      const stream = openStream(client, 'openai-responses')
      const said = eventsIn(pump(stream, `${text}data: [DONE]\n\n`))
      expect(stream.facts).toMatchObject({ isComplete: false, hasContent: true })
      expect(JSON.stringify(said.at(-1))).toContain('error')
    }
  })
})
