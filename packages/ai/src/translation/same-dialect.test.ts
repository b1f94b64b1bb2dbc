import { describe, expect, it } from 'vitest'
import { textOf, translate } from '../testing/exchange.ts'

const sent = (body: string, from: 'openai-chat' | 'anthropic-messages' = 'openai-chat') =>
  textOf(translate({ from, to: from, body, model: 'vendor/model' }).body)

const BIG = '{ "seed":9007199254740993, "messages" :[ ],"model": "public","z":1.0, "a":"\\u00e9" }'

describe('a request of the same dialect', () => {
  it('changes the model in its place and not one other byte: big integers, key order, spaces and escapes stay', () => {
    expect(sent(BIG)).toBe(BIG.replace('"public"', '"vendor/model"'))
  })

  it('keeps cache_control and the order of keys, so the prompt cache of the vendor still hits', () => {
    const body =
      '{"system":[{"text":"x","type":"text","cache_control":{"type":"ephemeral"}}],"model":"public","messages":[]}'
    expect(sent(body, 'anthropic-messages')).toBe(body.replace('public', 'vendor/model'))
  })

  it('gives the very same bytes when the model has the same name on both sides', () => {
    const body = '{"model":"vendor/model","messages":[]}'
    const translation = translate({ from: 'openai-chat', to: 'openai-chat', body, model: 'vendor/model' })
    expect(textOf(translation.body)).toBe(body)
    expect(translation.dropped).toEqual([])
  })

  it.each([
    [
      '{"model":"public","stream":true}',
      '{"model":"vendor/model","stream":true,"stream_options":{"include_usage":true}}',
    ],
    [
      '{"stream_options":{},"model":"public","stream":true}',
      '{"stream_options":{"include_usage":true},"model":"vendor/model","stream":true}',
    ],
    [
      '{"model":"public","stream":true,"stream_options":{"include_obfuscation":false}}',
      '{"model":"vendor/model","stream":true,"stream_options":{"include_obfuscation":false,"include_usage":true}}',
    ],
    [
      '{"model":"public","stream":true,"stream_options":{"include_usage":false}}',
      '{"model":"vendor/model","stream":true,"stream_options":{"include_usage":true}}',
    ],
    [
      '{"model":"public","stream":true,"stream_options":null}',
      '{"model":"vendor/model","stream":true,"stream_options":{"include_usage":true}}',
    ],
    [
      '{"model":"public","stream":true,"stream_options":{"include_usage":true}}',
      '{"model":"vendor/model","stream":true,"stream_options":{"include_usage":true}}',
    ],
    ['{"model":"public","stream":false}', '{"model":"vendor/model","stream":false}'],
  ])('asks for usage in a stream: %s', (body, expected) => {
    expect(sent(body)).toBe(expected)
  })

  it('asks for nothing where usage always comes', () => {
    expect(sent('{"model":"public","stream":true}', 'anthropic-messages')).toBe(
      '{"model":"vendor/model","stream":true}',
    )
  })
})

describe('reasoning that came from a vendor of another dialect', () => {
  it('is stripped from chat messages, big integers untouched', () => {
    const body =
      '{"model":"public","seed":9007199254740993,"messages":[{"role":"assistant","content":"Hi","reasoning_content":"hm","thinking_blocks":[{"type":"thinking","thinking":"hm","signature":"s"}]}]}'
    const translation = translate({ from: 'openai-chat', to: 'openai-chat', body, model: 'm' })
    expect(textOf(translation.body)).toBe(
      '{"model":"m","seed":9007199254740993,"messages":[{"role":"assistant","content":"Hi"}]}',
    )
    expect(translation.dropped).toEqual(['thinking_signature'])
  })

  it('is stripped from turns of messages where it has no seal, and stays where it has one', () => {
    const thinking = (signature: string) => `{"type":"thinking","thinking":"hm","signature":"${signature}"}`
    const body = `{"model":"public","messages":[{"role":"assistant","content":[${thinking('')}]},{"role":"assistant","content":[${thinking('s')},{"type":"text","text":"Hi"}]}]}`
    expect(sent(body, 'anthropic-messages')).toBe(
      `{"model":"vendor/model","messages":[{"role":"assistant","content":[${thinking('s')},{"type":"text","text":"Hi"}]}]}`,
    )
  })

  it('is not mistaken in what a user writes', () => {
    const body =
      '{"model":"public","messages":[{"role":"user","content":"\\"thinking_blocks\\" and \\"signature\\":\\"\\""}]}'
    expect(sent(body)).toBe(body.replace('public', 'vendor/model'))
    expect(sent(body, 'anthropic-messages')).toBe(body.replace('public', 'vendor/model'))
  })
})

describe('an answer of the same dialect', () => {
  const translation = translate({ from: 'openai-chat', to: 'openai-chat', body: '{"model":"public","messages":[]}' })
  const respond = (status: number, body: string) => {
    const { answer, facts } = translation.response(
      status,
      ['content-type', 'application/json; charset=utf-8'],
      Buffer.from(body),
    )
    return { ...answer, text: textOf(answer.body), facts }
  }

  it('passes byte for byte, with its facts read', () => {
    const body =
      '{"id":"x","choices":[{"message":{"content":"\\"finish_reason\\": \\"length\\""},"finish_reason":"stop"}],"usage":{"prompt_tokens":7,"completion_tokens":2},"big":9007199254740993}'
    const { text, contentType, facts } = respond(200, body)
    expect(text).toBe(body)
    expect(contentType).toBe('application/json; charset=utf-8')
    expect(facts).toMatchObject({
      finishReason: 'stop',
      isComplete: true,
      hasContent: true,
      usage: { inputTokens: 7, outputTokens: 2 },
    })
  })

  it('passes an error of the vendor, with its code', () => {
    const body = '{"error":{"message":"No such model","type":"invalid_request_error","code":"model_not_found"}}'
    expect(respond(404, body)).toMatchObject({
      status: 404,
      text: body,
      facts: { error: { code: 'upstream_error', status: 404 } },
    })
  })

  it.each(['', '<html>nginx at http://10.0.0.7:8080 failed</html>', '"text"'])(
    'turns %j into the error of the dialect',
    (body) => {
      const { status, text, contentType } = respond(502, body)
      expect(status).toBe(502)
      expect(contentType).toBe('application/json')
      expect(JSON.parse(text)).toMatchObject({
        error: { type: 'server_error', message: 'The upstream answered with an error.' },
      })
    },
  )

  it('masks keys and inner addresses that a vendor repeats in an error', () => {
    const { text, facts } = respond(
      401,
      '{"error":{"message":"Incorrect key sk-live-1234567890 at http://10.1.2.3:8000/v1"}}',
    )
    expect(text).not.toMatch(/1234567890|10\.1\.2\.3/)
    expect(facts.error?.detail).not.toMatch(/1234567890|10\.1\.2\.3/)
  })

  it('reports an error inside of a 200 answer', () => {
    expect(respond(200, '{"error":{"message":"Provider down","code":502}}').facts).toMatchObject({
      isComplete: false,
      error: { status: 502 },
    })
  })

  it.each(['', '<html>Welcome to nginx</html>', '\u001f\u008b\b', 'hello'])(
    'turns an answer of status 200 that is no JSON into an error of the dialect: %j',
    (body) => {
      const { status, text, contentType, facts } = respond(200, body)
      expect([status, contentType]).toEqual([502, 'application/json'])
      expect(JSON.parse(text)).toMatchObject({ error: { type: 'server_error', code: 'upstream_invalid' } })
      expect(facts).toMatchObject({ usage: null, isComplete: false, error: { code: 'upstream_invalid' } })
    },
  )

  it('keeps white space around an answer, as much as fits in a line', () => {
    const body = '\n {"choices":[]}\r\n '
    expect(respond(200, body)).toMatchObject({ status: 200, text: body })
  })
})
