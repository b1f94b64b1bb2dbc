import { GatewayError } from '@konnect/contract'
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

const openai = (body = {}) => openStream('openai-chat', 'openai-chat', body)
const anthropic = () => openStream('anthropic-messages', 'anthropic-messages')
const delta = (content: string) =>
  `data: {"choices":[{"index":0,"delta":{"content":"${content}"},"finish_reason":null}]}\n\n`
const FINISH = 'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\n'
const USAGE = 'data: {"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}\n\n'
const DONE = 'data: [DONE]\n\n'

describe('a stream of the same dialect', () => {
  it('gives back the very chunk that came, without a copy', () => {
    const chunk = Buffer.from(delta('a') + delta('b'))
    expect(openai().write(chunk)).toBe(chunk)
  })

  it('hides the usage chunk from a client that did not ask, and reads it', () => {
    const stream = openai({ stream_options: null })
    expect(pump(stream, delta('a') + FINISH + USAGE + DONE)).toBe(delta('a') + FINISH + DONE)
    expect(stream.facts.usage).toMatchObject({ inputTokens: 3, outputTokens: 2 })
  })

  it('leaves the usage chunk to a client that asked', () => {
    expect(pump(openai(), delta('a') + FINISH + USAGE + DONE)).toBe(delta('a') + FINISH + USAGE + DONE)
  })

  it('keeps usage that comes together with content, whether the client asked or not', () => {
    const last =
      'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":1}}\n\n'
    const stream = openai({ stream_options: null })
    expect(pump(stream, delta('a') + last + DONE)).toBe(delta('a') + last + DONE)
    expect(stream.facts.usage?.inputTokens).toBe(1)
  })

  it('passes pings and comments, which are no content', () => {
    const stream = openai()
    expect(textOf(stream.write(Buffer.from(': ping\n\n')))).toBe(': ping\n\n')
    expect(stream.facts.hasContent).toBe(false)
    const other = anthropic()
    other.write(
      Buffer.from(frames([messageStart, { type: 'ping' }, ...block(0, { type: 'text', text: '' }).slice(0, 1)])),
    )
    expect(other.facts.hasContent).toBe(false)
  })

  it('sees content in the first delta that holds any, not in the role', () => {
    const stream = openai()
    stream.write(Buffer.from('data: {"choices":[{"index":0,"delta":{"role":"assistant","content":""}}]}\n\n'))
    expect(stream.facts.hasContent).toBe(false)
    stream.write(Buffer.from(delta('a')))
    expect(stream.facts.hasContent).toBe(true)
  })

  it('ends a stream without terminator with the error event of its dialect, and says it is not complete', () => {
    const stream = openai()
    const events = eventsIn(pump(stream, delta('a')))
    expect(events.at(-1)).toMatchObject({ error: { code: 'upstream_truncated', type: 'server_error' } })
    expect(stream.facts.isComplete).toBe(false)
    const other = anthropic()
    const text = pump(other, frames([messageStart, ...block(0, { type: 'text', text: '' })]))
    expect(eventsIn(text).at(-1)).toMatchObject({ type: 'error', error: { type: 'api_error' } })
    expect(other.facts.isComplete).toBe(false)
  })

  it('never lets half an event out when the stream breaks inside of it', () => {
    const text = pump(openai(), `${delta('a')}data: {"choices":[{"index":0,"del`)
    expect(text).not.toContain('"del"')
    expect(eventsIn(text)).toHaveLength(2)
  })

  it('takes a finish reason without [DONE] for complete and adds nothing', () => {
    const stream = openai()
    expect(pump(stream, delta('a') + FINISH)).toBe(delta('a') + FINISH)
    expect(stream.facts).toMatchObject({ isComplete: true, finishReason: 'stop' })
  })

  it('takes a terminator whose last blank line is missing', () => {
    const stream = openai()
    expect(pump(stream, `${delta('a')}data: [DONE]`)).toBe(`${delta('a')}data: [DONE]`)
    expect(stream.facts.isComplete).toBe(true)
  })

  it('reports an error inside of a 200 stream, and nothing follows it, least of all a success terminator', () => {
    const stream = openai()
    const error = 'data: {"error":{"message":"overloaded","type":"server_error","code":503}}\n\n'
    expect(pump(stream, delta('a') + error + FINISH + DONE)).toBe(delta('a') + error)
    expect(stream.facts.error).toMatchObject({ code: 'upstream_error', status: 503, detail: 'overloaded' })
    expect(stream.facts.isComplete).toBe(false)
  })

  it('reports the error event of messages with the status of its type', () => {
    const stream = anthropic()
    const error = frames([{ type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }])
    expect(pump(stream, frames([messageStart]) + error)).toBe(frames([messageStart]) + error)
    expect(stream.facts.error).toMatchObject({ code: 'upstream_error', status: 529 })
    expect(stream.facts.hasContent).toBe(false)
  })

  it('masks keys in an error event', () => {
    const text = pump(openai(), 'data: {"error":{"message":"bad key sk-proj-abcdef123456"}}\n\n')
    expect(text).not.toContain('abcdef123456')
  })

  it('takes cumulative usage from both events of a message stream, the cache included in the input', () => {
    const stream = anthropic()
    pump(stream, frames([messageStart, ...block(0, { type: 'text', text: '' }), ...messageEnd('end_turn')]))
    expect(stream.facts).toMatchObject({
      isComplete: true,
      finishReason: 'stop',
      usage: { inputTokens: 16, cachedInputTokens: 4, cacheWriteTokens: 2, outputTokens: 7 },
    })
  })

  it('says in the dialect that the gateway stopped it, once, and is silent afterwards', () => {
    const stream = openai()
    stream.write(Buffer.from(delta('a')))
    expect(eventsIn(textOf(stream.fail(new GatewayError('upstream_timeout'))))).toMatchObject([
      { error: { code: 'upstream_timeout' } },
    ])
    expect(stream.write(Buffer.from(DONE))).toHaveLength(0)
    expect(stream.end()).toHaveLength(0)
    expect(stream.fail(new GatewayError('upstream_timeout'))).toHaveLength(0)
  })

  it('survives events that are no JSON', () => {
    const text = `data: <html>\n\n${chunks([{ content: 'a' }])}`
    expect(pump(openai(), text)).toBe(text)
  })

  it('gives up on an event that never ends instead of filling the memory', () => {
    const stream = openai()
    const chunk = Buffer.alloc(8 * 1024 * 1024, 'x')
    let said = ''
    for (let i = 0; i < 5; i++) said += textOf(stream.write(chunk))
    expect(eventsIn(said)).toHaveLength(1)
    expect(stream.facts.error?.code).toBe('upstream_invalid')
    expect(stream.end()).toHaveLength(0)
  })
})
