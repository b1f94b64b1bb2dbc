import type { JsonObject } from '@konnect/contract'
import { describe, expect, it } from 'vitest'
import type { StreamTranslation } from '../../ports.ts'
import { eventStreamMessage, exceptionMessage } from '../../testing/aws-event-stream.ts'
import {
  block,
  eventsIn,
  messageEnd,
  messageStart,
  openStream,
  sentBody,
  textOf,
  translate,
} from '../../testing/exchange.ts'

const MODEL = 'eu.anthropic.claude-sonnet-4-5-20250929-v1:0'
const MESSAGES = [{ role: 'user', content: 'Hello' }]
const THINKING = { type: 'thinking', thinking: 'Hm', signature: 'ErUB' }

const passed = (body: JsonObject) =>
  translate({
    from: 'anthropic-messages',
    to: 'bedrock-invoke',
    model: MODEL,
    body: { max_tokens: 100, messages: MESSAGES, ...body },
  })

const chunk = (event: JsonObject): Buffer =>
  eventStreamMessage(
    { ':event-type': 'chunk', ':content-type': 'application/json', ':message-type': 'event' },
    JSON.stringify({ bytes: Buffer.from(JSON.stringify(event)).toString('base64'), p: 'abcdefgh' }),
  )

const EVENTS = [
  messageStart,
  ...block(0, { type: 'thinking', thinking: '' }, [
    { type: 'thinking_delta', thinking: 'Hm' },
    { type: 'signature_delta', signature: 'ErUB' },
  ]),
  ...block(1, { type: 'text', text: '' }, [{ type: 'text_delta', text: 'Grüße' }]),
  ...messageEnd('end_turn'),
]

function relayed(stream: StreamTranslation, bytes: Buffer, size: number): string {
  let out = ''
  for (let at = 0; at < bytes.length; at += size) out += textOf(stream.write(bytes.subarray(at, at + size)))
  return out + textOf(stream.end())
}

const ownStream = () => passed({ stream: true }).stream()

describe('a request of Messages to InvokeModel', () => {
  it('goes as it is, but for model and stream, which the address says', () => {
    const body = {
      stream: true,
      system: [{ type: 'text', text: 'Be kind', cache_control: { type: 'ephemeral', ttl: '1h' } }],
      messages: [...MESSAGES, { role: 'assistant', content: [THINKING, { type: 'text', text: 'Hi' }] }, ...MESSAGES],
      thinking: { type: 'enabled', budget_tokens: 1024 },
    }
    const { system, messages, thinking } = body
    const translation = passed(body)
    expect(sentBody(translation)).toEqual({
      anthropic_version: 'bedrock-2023-05-31',
      max_tokens: 100,
      system,
      messages,
      thinking,
    })
    expect(translation.dropped).toEqual([])
    expect(translation.isPassed).toBe(true)
  })

  it('leaves out what Bedrock does not offer, and refuses in strict mode what may change the answer', () => {
    const fields = { drop: ['service_tier', 'container'] }
    const body = { max_tokens: 9, service_tier: 'auto', messages: MESSAGES }
    const request = { from: 'anthropic-messages', to: 'bedrock-invoke', model: MODEL, isStrict: true, fields }
    const translation = translate({ ...request, body })
    expect(sentBody(translation)).toEqual({
      anthropic_version: 'bedrock-2023-05-31',
      max_tokens: 9,
      messages: MESSAGES,
    })
    expect(translation.dropped).toEqual(['service_tier'])
    expect(() => translate({ ...request, body: { ...body, container: 'c1' } })).toThrow(
      expect.objectContaining({ code: 'unsupported_feature' }),
    )
  })

  it('leaves out thinking that no model of Anthropic sealed', () => {
    const foreign = { ...THINKING, signature: '' }
    const translation = passed({
      messages: [...MESSAGES, { role: 'assistant', content: [foreign, { type: 'text', text: 'Hi' }] }],
    })
    expect(JSON.stringify(sentBody(translation))).not.toContain('Hm')
    expect(translation.dropped).toEqual(['thinking_signature'])
  })
})

describe('a request of another format to InvokeModel', () => {
  it('becomes Messages in the envelope', () => {
    const translation = translate({
      from: 'openai-chat',
      to: 'bedrock-invoke',
      model: MODEL,
      body: { messages: MESSAGES, stream: true, max_tokens: 9 },
    })
    expect(sentBody(translation)).toEqual({
      anthropic_version: 'bedrock-2023-05-31',
      max_tokens: 9,
      messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello' }] }],
    })
  })

  it('loses images that only an address names, since Bedrock fetches none', () => {
    const content = [
      { type: 'text', text: 'What?' },
      { type: 'image_url', image_url: { url: 'https://a.example/b.png' } },
    ]
    const request = {
      from: 'openai-chat',
      to: 'bedrock-invoke',
      model: MODEL,
      body: { messages: [{ role: 'user', content }] },
    }
    expect(translate(request).dropped).toEqual(['image'])
    expect(() => translate({ ...request, isStrict: true })).toThrow(
      expect.objectContaining({ code: 'unsupported_feature' }),
    )
  })
})

describe('a stream of InvokeModel', () => {
  const bytes = Buffer.concat(EVENTS.map(chunk))

  it.each([1, 13, bytes.length])('reaches a client of Messages event for event, cut every %i bytes', (size) => {
    const stream = ownStream()
    const text = relayed(stream, bytes, size)
    expect(eventsIn(text)).toEqual(EVENTS)
    expect(text).toMatch(/^event: message_start\ndata: /)
    expect(stream.facts).toMatchObject({
      isComplete: true,
      finishReason: 'stop',
      usage: { inputTokens: 16, outputTokens: 7 },
    })
  })

  it('is text with reasoning to a client of another format', () => {
    const stream = openStream('openai-chat', 'bedrock-invoke')
    const text = relayed(stream, bytes, 13)
    expect(text).toContain('"content":"Grüße"')
    expect(text).toMatch(/data: \[DONE\]\n\n$/)
    expect(stream.facts.isComplete).toBe(true)
  })

  it.each(['anthropic-messages', 'openai-chat'])(
    'that an exception ends is an error to %s, of the status it stands for',
    (client) => {
      const stream = client === 'openai-chat' ? openStream(client, 'bedrock-invoke') : ownStream()
      const broken = Buffer.concat([
        chunk(messageStart),
        exceptionMessage('throttlingException', { message: 'Slow down' }),
        chunk({ type: 'message_stop' }),
      ])
      const text = relayed(stream, broken, 13)
      expect(text).toContain('Slow down')
      expect(text).not.toContain('message_stop')
      expect(stream.facts).toMatchObject({ isComplete: false, error: { status: 429 } })
    },
  )

  it.each(['anthropic-messages', 'openai-chat'])('that is damaged is an error to %s', (client) => {
    const stream = client === 'openai-chat' ? openStream(client, 'bedrock-invoke') : ownStream()
    const bad = chunk(messageStart)
    bad[20] = (bad[20] ?? 0) ^ 1
    expect(relayed(stream, bad, 7)).toContain('error')
    expect(stream.facts).toMatchObject({ isComplete: false, error: { code: 'upstream_invalid' } })
  })

  it('that is cut off never looks whole', () => {
    const stream = ownStream()
    const text = relayed(stream, bytes.subarray(0, bytes.length - 300), 13)
    expect(eventsIn(text).at(-1)).toMatchObject({ type: 'error' })
    expect(stream.facts.isComplete).toBe(false)
  })

  it('whose chunk holds nothing is an error', () => {
    const stream = ownStream()
    relayed(stream, eventStreamMessage({ ':event-type': 'chunk', ':message-type': 'event' }, '{}'), 99)
    expect(stream.facts.error).toMatchObject({ code: 'upstream_invalid' })
  })
})

describe('an error of InvokeModel', () => {
  it('is in the words of Messages and names no account', () => {
    const body = Buffer.from('{"message":"arn:aws:iam::123456789012:user/jo may not"}')
    const { answer, facts } = passed({}).response(403, ['content-type', 'application/json'], body)
    expect(answer.status).toBe(403)
    expect(JSON.parse(textOf(answer.body))).toMatchObject({
      type: 'error',
      error: { type: 'permission_error', message: '*** may not' },
    })
    expect(facts.error).toMatchObject({ status: 403 })
  })
})
