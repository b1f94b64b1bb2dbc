import { GatewayError } from '@konnect/contract'
import { describe, expect, it } from 'vitest'
import { textOf, translate } from '../../testing/exchange.ts'
import { createTranslator } from '../../translator.ts'

const ID = 'anthropic-token-count'
const translator = createTranslator()
const send = (body: string, isStrict = true) => translate({ from: ID, to: ID, body, model: 'theirs', isStrict })
const COUNT = '{"model":"ours","messages":[{"role":"user","content":"Hello"}]}'

function respond(status: number, body: string) {
  const { answer, facts } = send(COUNT).response(status, ['content-type', 'application/json'], Buffer.from(body))
  return { ...answer, text: textOf(answer.body), facts }
}

describe('counting tokens', () => {
  it('changes the model in its place and not one other byte', () => {
    const body = '{ "messages":[], "big":9007199254740993,\n"model" : "ours", "system":"x" }'
    expect(textOf(send(body).body)).toBe(body.replace('ours', 'theirs'))
  })

  it('needs the name of a model', () => {
    const read = () => translator.readFacts(ID, Buffer.from('{"messages":[]}'), '/v1/messages/count_tokens')
    expect(read).toThrow('"model"')
  })

  it('is no stream, whatever the request says', () => {
    const body = Buffer.from('{"model":"ours","stream":true}')
    expect(translator.readFacts(ID, body, '/v1/messages/count_tokens')).toEqual({ model: 'ours', isStream: false })
  })

  it('leaves out the thinking of other dialects as messages do, which a vendor refuses, in strict mode too', () => {
    const thinking = '{"type":"thinking","thinking":"hm","signature":""}'
    const text = '{"type":"text","text":"Hi"}'
    const body = `{"model":"theirs","messages":[{"role":"assistant","content":[${thinking},${text}]}]}`
    const { body: sent, dropped } = send(body)
    expect(textOf(sent)).toBe(body.replace(`${thinking},`, ''))
    expect(dropped).toEqual(['thinking_signature'])
  })

  it('passes the count, which is complete and costs nothing', () => {
    const { text, facts } = respond(200, '{"input_tokens":2095}')
    expect(text).toBe('{"input_tokens":2095}')
    expect(facts).toEqual({ usage: null, finishReason: null, hasContent: true, isComplete: true, error: null })
  })

  it.each(['{}', '<html>', '{"type":"error","error":{"type":"api_error","message":"x"}}'])(
    'is not complete with %s',
    (body) => {
      expect(respond(200, body).facts.isComplete).toBe(false)
    },
  )

  it('passes errors of the vendor, and writes those of the gateway as Anthropic does', () => {
    const body = '{"type":"error","error":{"type":"not_found_error","message":"model: theirs"}}'
    expect(respond(404, body)).toMatchObject({ status: 404, text: body, facts: { error: { status: 404 } } })
    const own = translator.renderError(ID, new GatewayError('credential_missing'), 'request1')
    expect(JSON.parse(textOf(own.body))).toMatchObject({ type: 'error', error: { type: 'authentication_error' } })
  })

  it('is answered by vendors that count, and by no others', () => {
    expect(translator.canTranslate(ID, ID)).toBe(true)
    expect(translator.canTranslate(ID, 'gemini-token-count')).toBe(true)
    expect(translator.canTranslate(ID, 'bedrock-token-count')).toBe(true)
    expect(translator.canTranslate(ID, 'anthropic-messages')).toBe(false)
  })
})
