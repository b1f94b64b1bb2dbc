import { GatewayError, type JsonObject } from '@konnect/contract'
import { describe, expect, it } from 'vitest'
import { sentBody, textOf, translate } from '../../testing/exchange.ts'

const send = (body: JsonObject, to = 'openai-chat') =>
  translate({ from: 'openai-completions', to, body: { prompt: 'Say hi', ...body }, model: 'm' })

function codeOf(send_: () => unknown): string {
  try {
    send_()
    return 'none'
  } catch (error) {
    return error instanceof GatewayError ? error.code : 'other'
  }
}

describe('a Completions request for a vendor of another dialect', () => {
  it('is one user message, with its settings', () => {
    const settings = { max_tokens: 5, temperature: 0, top_p: 0.5, stop: ['a', 'b'], user: 'u' }
    expect(sentBody(send(settings))).toEqual({
      model: 'm',
      messages: [{ role: 'user', content: 'Say hi' }],
      ...settings,
    })
    expect(sentBody(send({ stop: 'a' })).stop).toEqual(['a'])
  })

  it('says nothing of a length that the client did not limit', () => {
    expect(sentBody(send({}))).not.toHaveProperty('max_tokens')
  })

  it('keeps the settings that chat has under the same name', () => {
    const settings = { seed: 7, frequency_penalty: 0.5, presence_penalty: -1, logit_bias: { '50256': -100 } }
    const translation = send(settings)
    expect(sentBody(translation)).toMatchObject(settings)
    expect(translation.dropped).toEqual([])
    const reasoning = translate({
      from: 'openai-completions',
      to: 'openai-chat',
      body: { prompt: 'x', seed: 7 },
      model: 'o3',
    })
    expect(sentBody(reasoning)).not.toHaveProperty('seed')
    expect(reasoning.dropped).toEqual(['seed'])
  })

  it.each(['openai-chat', 'anthropic-messages', 'cohere-chat'])(
    'names for %s what it had to leave out, and is refused in strict mode',
    (to) => {
      const body = { suffix: 'end', echo: true, best_of: 3, logprobs: 2, n: 2 }
      expect([...send(body, to).dropped].sort()).toEqual(['best_of', 'echo', 'logprobs', 'n', 'suffix'])
      for (const [name, value] of Object.entries(body)) {
        const strict = () =>
          translate({ from: 'openai-completions', to, body: { prompt: 'x', [name]: value }, isStrict: true })
        expect(codeOf(strict), name).toBe('unsupported_feature')
      }
    },
  )

  it('loses nothing with settings that ask for nothing', () => {
    const neutral = { suffix: '', echo: false, best_of: 1, logprobs: null, n: 1, frequency_penalty: 0 }
    expect(send(neutral).dropped).toEqual([])
  })

  it('takes a list with one text for the text', () => {
    expect(sentBody(send({ prompt: ['Say hi'] }))).toEqual(sentBody(send({})))
  })

  it.each([
    [['a', 'b'], 'unsupported_feature'],
    [[15339, 995], 'unsupported_feature'],
    [[15339], 'unsupported_feature'],
    [[[15339, 995]], 'unsupported_feature'],
    [[], 'invalid_request'],
    [[''], 'invalid_request'],
    ['', 'invalid_request'],
    [7, 'invalid_request'],
    [{}, 'invalid_request'],
    [null, 'invalid_request'],
  ])('is refused with the prompt %j as %s', (prompt, code) => {
    expect(codeOf(() => send({ prompt }))).toBe(code)
  })
})

describe('a Completions request for a vendor of its own dialect', () => {
  const pass = (body: string) => textOf(translate({ from: ID, to: ID, body, model: 'theirs' }).body)
  const ID = 'openai-completions'

  it('passes byte for byte but for the model, whatever its prompt is', () => {
    const body = '{"prompt":[[1,2],[3]], "echo":true,"seed":9007199254740993,"model":"public"}'
    expect(pass(body)).toBe(body.replace('public', 'theirs'))
  })

  it('asks for usage in a stream', () => {
    expect(pass('{"model":"public","prompt":"x","stream":true}')).toBe(
      '{"model":"theirs","prompt":"x","stream":true,"stream_options":{"include_usage":true}}',
    )
  })
})
