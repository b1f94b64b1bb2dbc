import { GatewayError, type JsonObject } from '@konnect/contract'
import { describe, expect, it } from 'vitest'
import {
  block,
  chunks,
  eventsIn,
  frames,
  messageEnd,
  messageStart,
  openStream,
  pump,
  textOf,
} from '../testing/exchange.ts'

interface Chunk {
  readonly choices: { readonly delta: JsonObject; readonly finish_reason: string | null }[]
  readonly usage?: JsonObject
}
interface Frame {
  readonly type: string
  readonly index?: number
  readonly delta?: JsonObject
  readonly content_block?: JsonObject
  readonly usage?: JsonObject
}

const toChat = (events: readonly JsonObject[], body: JsonObject = {}) => {
  const stream = openStream('openai-chat', 'anthropic-messages', body)
  const all = eventsIn(pump(stream, frames([messageStart, ...events])))
  return { all, chunks: all.filter((event): event is Chunk => event !== '[DONE]'), facts: stream.facts }
}
const toMessages = (text: string) => {
  const stream = openStream('anthropic-messages', 'openai-chat')
  const events = eventsIn(pump(stream, text)) as Frame[]
  return { events, facts: stream.facts }
}
const deltasOf = (all: readonly Chunk[]): JsonObject[] =>
  all.flatMap(({ choices }) => choices.map(({ delta }) => delta))
const text = { type: 'text', text: '' }
const call = (index: number, id?: string, name?: string, args = ''): JsonObject => ({
  index,
  ...(id ? { id, type: 'function' } : {}),
  function: { ...(name ? { name } : {}), arguments: args },
})

describe('a message stream for a chat client', () => {
  it('becomes role, text, finish reason, usage and [DONE], the cache counted into the prompt', () => {
    const { all, chunks, facts } = toChat([
      ...block(0, text, [{ type: 'text_delta', text: 'Hé' }]),
      ...messageEnd('end_turn'),
    ])
    expect(deltasOf(chunks)).toEqual([{ role: 'assistant', content: '', refusal: null }, { content: 'Hé' }, {}])
    expect(chunks.at(-2)?.choices[0]?.finish_reason).toBe('stop')
    expect(chunks.at(-1)).toMatchObject({
      choices: [],
      usage: { prompt_tokens: 16, completion_tokens: 7, total_tokens: 23, prompt_tokens_details: { cached_tokens: 4 } },
    })
    expect(all.at(-1)).toBe('[DONE]')
    expect(facts).toMatchObject({ isComplete: true, hasContent: true, finishReason: 'stop' })
  })

  it('keeps usage from a client that did not ask, and knows it all the same', () => {
    const { chunks, facts } = toChat([...block(0, text), ...messageEnd('end_turn')], { stream_options: null })
    expect(chunks.some((chunk) => chunk.usage !== undefined)).toBe(false)
    expect(facts.usage?.inputTokens).toBe(16)
  })

  it('counts tools, where the vendor counts blocks, and gives a tool without arguments {}', () => {
    const { chunks } = toChat([
      ...block(0, text, [{ type: 'text_delta', text: 'Wait' }]),
      ...block(1, { type: 'tool_use', id: 't1', name: 'f', input: {} }, [
        { type: 'input_json_delta', partial_json: '' },
        { type: 'input_json_delta', partial_json: '{"a":' },
        { type: 'input_json_delta', partial_json: '1}' },
      ]),
      ...block(2, { type: 'tool_use', id: 't2', name: 'g', input: {} }),
      ...messageEnd('tool_use'),
    ])
    const calls = deltasOf(chunks).flatMap((delta) => (delta.tool_calls ?? []) as JsonObject[])
    expect(calls).toEqual([
      { index: 0, id: 't1', type: 'function', function: { name: 'f', arguments: '' } },
      { index: 0, function: { arguments: '{"a":' } },
      { index: 0, function: { arguments: '1}' } },
      { index: 1, id: 't2', type: 'function', function: { name: 'g', arguments: '' } },
      { index: 1, function: { arguments: '{}' } },
    ])
    expect(chunks.at(-2)?.choices[0]?.finish_reason).toBe('tool_calls')
  })

  it('carries thinking, its signature and redacted blocks so that the client can send them back', () => {
    const { chunks } = toChat([
      ...block(0, { type: 'thinking', thinking: '', signature: '' }, [
        { type: 'thinking_delta', thinking: 'hm' },
        { type: 'thinking_delta', thinking: 'm' },
        { type: 'signature_delta', signature: 'sig' },
      ]),
      ...block(1, { type: 'redacted_thinking', data: 'd' }),
      ...messageEnd('end_turn'),
    ])
    expect(deltasOf(chunks).slice(1, -1)).toEqual([
      { reasoning_content: 'hm' },
      { reasoning_content: 'm' },
      { thinking_blocks: [{ type: 'thinking', thinking: 'hmm', signature: 'sig' }] },
      { thinking_blocks: [{ type: 'redacted_thinking', data: 'd' }] },
    ])
  })

  it('gives the arguments of the forced output tool as content with finish reason stop', () => {
    const response_format = { type: 'json_schema', json_schema: { name: 'out', schema: { type: 'object' } } }
    const { chunks } = toChat(
      [
        ...block(0, { type: 'tool_use', id: 't', name: 'out', input: {} }, [
          { type: 'input_json_delta', partial_json: '{"a":1}' },
        ]),
        ...messageEnd('tool_use'),
      ],
      { response_format },
    )
    expect(deltasOf(chunks)).toContainEqual({ content: '{"a":1}' })
    expect(chunks.at(-2)?.choices[0]?.finish_reason).toBe('stop')
  })

  it.each([
    ['end_turn', 'stop', 'stop'],
    ['stop_sequence', 'stop', 'stop'],
    ['pause_turn', 'stop', 'stop'],
    ['max_tokens', 'length', 'length'],
    ['model_context_window_exceeded', 'length', 'length'],
    ['something_new', 'stop', 'stop'],
    ['refusal', 'content_filter', 'refusal'],
  ])('says %s as %s', (reason, finish, canonical) => {
    const { chunks, facts } = toChat([...block(0, text), ...messageEnd(reason)])
    expect(chunks.at(-2)?.choices[0]?.finish_reason).toBe(finish)
    expect(facts.finishReason).toBe(canonical)
  })

  it('gives a refusal without output as a refusal, with the reason of the vendor', () => {
    const { chunks } = toChat(messageEnd('refusal', { stop_details: { explanation: 'No.' } }))
    expect(deltasOf(chunks)).toContainEqual({ refusal: 'No.' })
  })

  it('leaves out tools that the vendor runs itself, citations and blocks that nobody knows', () => {
    const { chunks } = toChat([
      ...block(0, { type: 'server_tool_use', id: 's', name: 'web_search', input: {} }, [
        { type: 'input_json_delta', partial_json: '{"q":1}' },
      ]),
      ...block(1, { type: 'web_search_tool_result', tool_use_id: 's', content: [] }),
      ...block(2, text, [
        { type: 'citations_delta', citation: {} },
        { type: 'text_delta', text: 'ok' },
      ]),
      ...block(3, { type: 'from_the_future' }, [{ type: 'future_delta', x: 1 }]),
      ...messageEnd('end_turn'),
    ])
    expect(deltasOf(chunks).slice(1, -1)).toEqual([{ content: 'ok' }])
  })

  it('forwards pings, which are no content', () => {
    const stream = openStream('openai-chat', 'anthropic-messages')
    expect(textOf(stream.write(Buffer.from(frames([{ type: 'ping' }]))))).toBe(': ping\n\n')
    expect(stream.facts.hasContent).toBe(false)
  })

  it('ends with an error and without [DONE] when the vendor reports one or the terminator is missing', () => {
    const broken = toChat([
      ...block(0, text, [{ type: 'text_delta', text: 'a' }]),
      { type: 'error', error: { type: 'overloaded_error', message: 'Busy' } },
    ])
    expect(broken.all.at(-1)).toMatchObject({ error: { message: 'Busy', code: 'overloaded' } })
    expect(broken.facts).toMatchObject({ isComplete: false, error: { status: 529 } })
    const cut = toChat(block(0, text, [{ type: 'text_delta', text: 'a' }]))
    expect(cut.all.at(-1)).toMatchObject({ error: { code: 'upstream_truncated' } })
    expect(cut.facts).toMatchObject({ isComplete: false, error: null })
  })

  it('makes up ids from the id of the request', () => {
    const { all } = toChat([...block(0, text), ...messageEnd('end_turn')])
    expect(all[0]).toMatchObject({ id: 'chatcmpl-request1', model: 'public' })
  })
})

describe('a chat stream for a messages client', () => {
  it('becomes blocks, stop reason and usage without the cache in the input', () => {
    const { events, facts } = toMessages(
      chunks([{ role: 'assistant', content: '' }, { content: 'Hé' }, { content: 'llo' }]),
    )
    expect(events.map(({ type }) => type)).toEqual([
      'message_start',
      'content_block_start',
      'content_block_delta',
      'content_block_delta',
      'content_block_stop',
      'message_delta',
      'message_stop',
    ])
    expect(events.at(-2)).toMatchObject({
      delta: { stop_reason: 'end_turn' },
      usage: { input_tokens: 10, output_tokens: 5 },
    })
    expect(facts).toMatchObject({ isComplete: true, finishReason: 'stop', hasContent: true })
  })

  it('opens and closes each block before the next, thinking, text and calls alike', () => {
    const { events } = toMessages(
      chunks(
        [
          { reasoning_content: 'hm' },
          { content: 'Wait' },
          { tool_calls: [call(0, 'c1', 'f', '{"a":1}')] },
          { tool_calls: [call(1, 'c2', 'g')] },
          { tool_calls: [call(1, undefined, undefined, '{}')] },
        ],
        'tool_calls',
      ),
    )
    let open = -1
    const kinds: unknown[] = []
    for (const { type, index, content_block } of events) {
      if (type === 'content_block_start') {
        expect(open).toBe(-1)
        open = index ?? -1
        kinds.push([index, content_block?.type])
      } else if (type === 'content_block_delta') expect(index).toBe(open)
      else if (type === 'content_block_stop') open = -1
    }
    expect(kinds).toEqual([
      [0, 'thinking'],
      [1, 'text'],
      [2, 'tool_use'],
      [3, 'tool_use'],
    ])
    expect(events.at(-2)?.delta).toMatchObject({ stop_reason: 'tool_use' })
  })

  it('orders deltas of calls that interleave', () => {
    const { events } = toMessages(
      chunks(
        [
          { tool_calls: [call(0, 'c1', 'f', '{"a"')] },
          { tool_calls: [call(1, 'c2', 'g', '{"b"')] },
          { tool_calls: [call(0, undefined, undefined, ':1}')] },
          { tool_calls: [call(1, undefined, undefined, ':2}')] },
        ],
        'tool_calls',
      ),
    )
    const parts = events
      .filter(({ type }) => type === 'content_block_delta')
      .map(({ index, delta }) => [index, delta?.partial_json])
    expect(parts).toEqual([
      [0, '{"a"'],
      [0, ':1}'],
      [1, '{"b"'],
      [1, ':2}'],
    ])
  })

  it('streams the second call as soon as the first one is complete', () => {
    const stream = openStream('anthropic-messages', 'openai-chat')
    const write = (delta: JsonObject) =>
      eventsIn(
        textOf(stream.write(Buffer.from(`data: ${JSON.stringify({ choices: [{ index: 0, delta }] })}\n\n`))),
      ) as Frame[]
    write({ tool_calls: [call(0, 'c1', 'f', '{"a":1}')] })
    expect(write({ tool_calls: [call(1, 'c2', 'g', '{')] }).map(({ type }) => type)).toEqual([
      'content_block_stop',
      'content_block_start',
      'content_block_delta',
    ])
  })

  it.each([
    ['every call as index 0', [call(0, 'c1', 'f', '{}'), call(0, 'c2', 'g', '{}')]],
    [
      'no index at all',
      [
        { id: 'c1', function: { name: 'f', arguments: '{}' } },
        { id: 'c2', function: { name: 'g', arguments: '{}' } },
      ],
    ],
    ['an index that does not start at 0', [call(3, 'c1', 'f', '{}'), call(4, 'c2', 'g', '{}')]],
    ['the name after the id', [call(0, 'c1'), call(0, undefined, 'f', '{}'), call(1, 'c2', 'g', '{}')]],
    [
      'an empty name in later deltas',
      [call(0, 'c1', 'f'), { index: 0, function: { name: '', arguments: '{}' } }, call(1, 'c2', 'g', '{}')],
    ],
  ])('tells calls apart when a vendor sends %s', (_title, calls) => {
    const { events } = toMessages(
      chunks(
        calls.map((one) => ({ tool_calls: [one] })),
        'tool_calls',
      ),
    )
    expect(
      events.flatMap(({ content_block }) => (content_block ? [[content_block.id, content_block.name]] : [])),
    ).toEqual([
      ['c1', 'f'],
      ['c2', 'g'],
    ])
  })

  it('gives a call without arguments, or with null, an empty input', () => {
    for (const args of ['', 'null', 'nu|ll']) {
      const [first = '', second] = args.split('|')
      const deltas = [
        { tool_calls: [call(0, 'c1', 'f', first)] },
        ...(second ? [{ tool_calls: [call(0, undefined, undefined, second)] }] : []),
      ]
      const { events } = toMessages(chunks(deltas, 'tool_calls'))
      expect(events.filter(({ type }) => type === 'content_block_delta')).toEqual([])
      expect(events[1]?.content_block).toEqual({ type: 'tool_use', id: 'c1', name: 'f', input: {} })
    }
  })

  it.each([
    ['stop', 'end_turn', 'stop'],
    ['length', 'max_tokens', 'length'],
    ['content_filter', 'refusal', 'content_filter'],
    ['tool_calls', 'end_turn', 'stop'],
    ['something_new', 'end_turn', 'stop'],
  ])('says %s without calls as %s', (finish, reason, canonical) => {
    const { events, facts } = toMessages(chunks([{ content: 'a' }], finish))
    expect(events.at(-2)?.delta?.stop_reason).toBe(reason)
    expect(facts.finishReason).toBe(canonical)
  })

  it('mends a finish reason of stop that follows calls', () => {
    const { events } = toMessages(chunks([{ tool_calls: [call(0, 'c1', 'f', '{}')] }], 'stop'))
    expect(events.at(-2)?.delta?.stop_reason).toBe('tool_use')
  })

  it('gives a refusal as text with the stop reason refusal', () => {
    const { events } = toMessages(chunks([{ refusal: 'No' }, { refusal: '.' }]))
    expect(events.filter(({ delta }) => delta?.type === 'text_delta').map(({ delta }) => delta?.text)).toEqual([
      'No',
      '.',
    ])
    expect(events.at(-2)?.delta?.stop_reason).toBe('refusal')
  })

  it('reads choices after the first as nothing', () => {
    const second = `data: ${JSON.stringify({ choices: [{ index: 1, delta: { content: 'other' } }] })}\n\n`
    const { events } = toMessages(second + chunks([{ content: 'a' }]))
    expect(JSON.stringify(events)).not.toContain('other')
  })

  it('is complete without [DONE] once the finish reason came, and truncated without both', () => {
    const whole = chunks([{ content: 'a' }])
    const { events, facts } = toMessages(whole.replace('data: [DONE]\n\n', ''))
    expect(events.at(-1)?.type).toBe('message_stop')
    expect(facts.isComplete).toBe(true)
    const cut = toMessages(whole.slice(0, whole.indexOf('"finish_reason":"stop"')))
    expect(cut.events.at(-1)).toMatchObject({ type: 'error' })
    expect(cut.facts.isComplete).toBe(false)
  })

  it('ends with an error event when the vendor sends an error or something unreadable, and stays silent afterwards', () => {
    const start = `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: 'a' } }] })}\n\n`
    const reported = toMessages(
      `${start}data: {"error":{"message":"Busy","code":429}}\n\n${chunks([{ content: 'b' }])}`,
    )
    expect(reported.events.at(-1)).toMatchObject({
      type: 'error',
      error: { type: 'rate_limit_error', message: 'Busy' },
    })
    expect(reported.facts).toMatchObject({ isComplete: false, error: { status: 429 } })
    const unreadable = toMessages(`${start}data: <html>\n\n`)
    expect(unreadable.events.at(-1)).toMatchObject({ type: 'error' })
    expect(unreadable.facts.error?.code).toBe('upstream_invalid')
  })

  it('says in the dialect that the gateway stopped it, once', () => {
    const stream = openStream('anthropic-messages', 'openai-chat')
    expect(eventsIn(textOf(stream.fail(new GatewayError('upstream_timeout'))))).toMatchObject([
      { type: 'error', error: { type: 'timeout_error' } },
    ])
    expect(stream.fail(new GatewayError('upstream_timeout'))).toHaveLength(0)
    expect(stream.end()).toHaveLength(0)
  })

  it('gives up on an event that never ends instead of filling the memory', () => {
    const stream = openStream('anthropic-messages', 'openai-chat')
    const chunk = Buffer.alloc(8 * 1024 * 1024, 'x')
    let said = ''
    for (let i = 0; i < 5; i++) said += textOf(stream.write(chunk))
    expect(eventsIn(said)).toHaveLength(1)
    expect(stream.facts.error?.code).toBe('upstream_invalid')
    expect(stream.end()).toHaveLength(0)
  })
})
