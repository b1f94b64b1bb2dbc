import type { FieldRules, JsonObject } from '@konnect/contract'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LossRecorder } from '../loss.ts'
import { sentBody, textOf, translate } from '../testing/exchange.ts'
import { fitBytes, fitObject } from './field-rules.ts'

const recorder = () => new LossRecorder({ user: 'hint', stream_options: 'hint' })

function fitted(text: string, rules: FieldRules) {
  const losses = recorder()
  const body = Buffer.from(text)
  return { text: fitBytes(body, rules, body, losses).toString(), dropped: losses.names }
}

describe('rules of a vendor, on bytes', () => {
  it.each([
    ['{"a":1,"b":2,"c":3}', '{"b":2,"c":3}', ['a']],
    ['{"a":1,"b":2,"c":3}', '{"a":1,"c":3}', ['b']],
    ['{"a":1,"b":2,"c":3}', '{"a":1,"b":2}', ['c']],
    ['{"a":1,"b":2,"c":3}', '{"a":1}', ['b', 'c']],
    ['{"a":1,"b":2,"c":3}', '{"b":2}', ['c', 'a']],
    ['{"a":1,"b":2,"c":3}', '{}', ['a', 'b', 'c']],
    ['{ "a" : [1, 2] ,\n "b":{"a":1} , "c":"}" }', '{ "a" : [1, 2] ,\n "c":"}" }', ['b']],
    ['{ "a" : [1, 2] ,\n "b":{"a":1} , "c":"}" }', '{ "a" : [1, 2] ,\n "b":{"a":1} }', ['c']],
    ['{"\\u0061":1,"b":9007199254740993}', '{"b":9007199254740993}', ['a']],
  ])('%s without a field is %s', (text, expected, drop) => {
    expect(fitted(text, { drop })).toEqual({ text: expected, dropped: drop })
  })

  it('gives the very same bytes when none bites', () => {
    const body = Buffer.from('{"a":{"b":1},"messages":["b"]}')
    expect(fitBytes(body, { drop: ['b'], rename: { c: 'a' } }, body, recorder())).toBe(body)
    expect(fitBytes(body, undefined, body, recorder())).toBe(body)
  })

  it('renames a key in its place and nothing else', () => {
    const rules = { rename: { max_completion_tokens: 'max_tokens' } }
    expect(fitted('{ "x":{"max_completion_tokens":1}, "max_completion_tokens" : 7 }', rules)).toEqual({
      text: '{ "x":{"max_completion_tokens":1}, "max_tokens" : 7 }',
      dropped: [],
    })
  })

  it("lets the client's own field of the new name win, duplicates nothing, and tells of another value", () => {
    const rules = { rename: { old: 'new' } }
    expect(fitted('{"old":1,"new":2}', rules)).toEqual({ text: '{"new":2}', dropped: ['old'] })
    expect(fitted('{"new":1,"old":1}', rules)).toEqual({ text: '{"new":1}', dropped: [] })
    expect(fitted('{"b":1,"a":1}', { rename: { a: 'c', b: 'c' } })).toEqual({ text: '{"c":1}', dropped: [] })
  })

  it('refuses a field that occurs twice: gateway and vendor might obey different ones', () => {
    expect(() => fitted('{"a":1,"\\u0061":2}', { drop: ['a'] })).toThrow(
      expect.objectContaining({ code: 'invalid_request' }),
    )
  })
})

describe('rules of a vendor', () => {
  it('mean the same on bytes and on an object that was written for it', () => {
    const names = fc.constantFrom('a', 'b', 'c', 'd')
    fc.assert(
      fc.property(
        fc.dictionary(names, fc.oneof(fc.integer(), fc.string(), fc.constant({ a: [1] }))),
        fc.uniqueArray(names, { maxLength: 2 }),
        fc.constantFrom<Record<string, string>>({}, { a: 'd' }, { b: 'c' }, { a: 'd', b: 'd' }),
        fc.constantFrom(0, 1),
        (body, drop, rename, indent) => {
          const rules = { drop, rename }
          const onObject = recorder()
          const object = fitObject(body as JsonObject, rules, undefined, onObject)
          const onBytes = fitted(JSON.stringify(body, null, indent), rules)
          expect(JSON.parse(onBytes.text)).toEqual(object)
          expect([...onBytes.dropped].sort()).toEqual([...onObject.names].sort())
        },
      ),
    )
  })
})

describe('a request to a vendor with rules', () => {
  const fields = {
    drop: ['logprobs', 'stream_options', 'user'],
    rename: { max_completion_tokens: 'max_tokens' },
  }
  const to = 'openai-chat'
  const TOOL = { name: 'f', input_schema: { type: 'object' } }

  it('lacks what the vendor refuses, and says so, where bytes pass', () => {
    const body = '{"model":"public","logprobs":true,"max_completion_tokens":7,"user":"u"}'
    const translation = translate({ from: 'openai-chat', to, body, model: 'm', fields })
    expect(textOf(translation.body)).toBe('{"model":"m","max_tokens":7}')
    expect(translation.dropped).toEqual(['logprobs', 'user'])
  })

  it('loses nothing of the client when only the question for usage goes, which the gateway had added', () => {
    const body = '{"model":"public","stream":true}'
    const translation = translate({ from: 'openai-chat', to, body, model: 'm', fields })
    expect(textOf(translation.body)).toBe('{"model":"m","stream":true}')
    expect(translation.dropped).toEqual([])
  })

  it('lacks the same, and says so, where it is translated', () => {
    const body = { max_tokens: 7, stream: true, tool_choice: { type: 'any' }, tools: [TOOL], messages: [] }
    const rules = { ...fields, drop: ['tool_choice', 'stream_options'] }
    const translation = translate({ from: 'anthropic-messages', to, body, model: 'o3-mini', fields: rules })
    const { tools, ...sent } = sentBody(translation)
    expect(sent).toEqual({ model: 'o3-mini', messages: [], max_tokens: 7, stream: true })
    expect(tools).toHaveLength(1)
    expect(translation.dropped).toEqual(['tool_choice'])
  })

  it('is refused in strict mode when a field that matters would go, and passes when it is a hint', () => {
    const strict = (body: JsonObject) => translate({ from: 'openai-chat', to, body, fields, isStrict: true })
    expect(() => strict({ logprobs: true })).toThrow(expect.objectContaining({ code: 'unsupported_feature' }))
    expect(strict({ user: 'u', stream_options: {} }).dropped).toEqual(['stream_options', 'user'])
  })
})
