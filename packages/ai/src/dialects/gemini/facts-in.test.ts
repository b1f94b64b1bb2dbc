import { describe, expect, it } from 'vitest'
import { createTranslator } from '../../translator.ts'

const BODY = Buffer.from('{"contents":[]}')
const read = (path: string, body = BODY) => createTranslator().readFacts('gemini', body, path)

describe('facts of a request', () => {
  it.each([
    ['/v1beta/models/gemini-2.5-flash:generateContent', 'gemini-2.5-flash', false],
    ['/v1beta/models/gemini-2.5-flash:streamGenerateContent', 'gemini-2.5-flash', true],
    ['/v1beta/models/my%20model%2Fx:generateContent', 'my model/x', false],
    ['/v1beta/models/vendor/llama3:8b:generateContent', 'vendor/llama3:8b', false],
    ['/v1beta/models/m%3AgenerateContent:streamGenerateContent', 'm:generateContent', true],
  ])('%s', (path, model, isStream) => {
    expect(read(path)).toEqual({ model, isStream })
  })

  it.each([
    ['/v1beta/models/gemini-2.5-flash', /path must be/],
    ['/v1beta/models/:generateContent', /path must be/],
    ['/v1beta/models/m:countTokens', /"countTokens" is not served/],
    ['/v1beta/models/m:toString', /is not served/],
    ['/v1beta/models/%zz:generateContent', /percent-encoded/],
  ])('refuses %s and says why', (path, detail) => {
    expect(() => read(path)).toThrow(detail)
    expect(() => read(path)).toThrow(expect.objectContaining({ code: 'invalid_request', status: 400 }))
  })

  it('refuses what is no JSON object, and contents that stand there twice', () => {
    const path = '/v1beta/models/m:generateContent'
    expect(() => read(path, Buffer.from('{"contents":'))).toThrow(expect.objectContaining({ code: 'malformed_json' }))
    expect(() => read(path, Buffer.from('[]'))).toThrow(expect.objectContaining({ code: 'invalid_request' }))
    const twice = Buffer.from('{"contents":[],"contents":[]}')
    expect(() => read(path, twice)).toThrow(expect.objectContaining({ code: 'invalid_request' }))
  })
})
