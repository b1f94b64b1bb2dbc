import type { HeaderList } from '@konnect/contract'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Envelope, encloseBytes, encloseObject } from './envelope.ts'

const silent: Envelope = { version: 'v1', saysStream: false, betas: new Set(['one-2025', 'two-2025']) }
const spoken: Envelope = { version: 'v1', saysStream: true }

const enclosed = (body: string, envelope = silent, headers: HeaderList = []) =>
  encloseBytes(Buffer.from(body), envelope, headers).toString()

describe('encloseBytes', () => {
  it('says the version where the model stood, and leaves every other byte as it is', () => {
    expect(enclosed('{ "max_tokens": 1e2, "model" : "claude", "messages":[{"x": 1.0}] }')).toBe(
      '{ "max_tokens": 1e2, "anthropic_version":"v1", "messages":[{"x": 1.0}] }',
    )
  })

  it('says that a stream is wanted only where the address does not say enough', () => {
    expect(enclosed('{"model":"claude","stream":true}')).toBe('{"anthropic_version":"v1"}')
    expect(enclosed('{"stream":true,"model":"claude"}', spoken)).toBe('{"stream":true,"anthropic_version":"v1"}')
  })

  it('is JSON with the rest unchanged, in whichever order the fields stand', () => {
    const names = ['model', 'stream', 'anthropic_version', 'messages', 'max_tokens']
    fc.assert(
      fc.property(fc.shuffledSubarray(names), fc.boolean(), (order, isSpaced) => {
        const body = Object.fromEntries(order.map((name, index) => [name, index]))
        const text = isSpaced ? JSON.stringify(body, null, 2) : JSON.stringify(body)
        const { model: _, stream: __, ...rest } = body
        expect(JSON.parse(enclosed(text))).toEqual({ ...rest, anthropic_version: 'v1' })
      }),
    )
  })

  it('takes the betas of the request field that are accepted, unless the body has its own', () => {
    const headers = ['anthropic-beta', 'two-2025, other-2025,one-2025,two-2025']
    expect(JSON.parse(enclosed('{"model":"m"}', silent, headers)).anthropic_beta).toEqual(['two-2025', 'one-2025'])
    expect(JSON.parse(enclosed('{"model":"m","anthropic_beta":["x"]}', silent, headers)).anthropic_beta).toEqual(['x'])
    expect(enclosed('{"model":"m"}', silent, ['anthropic-beta', 'other-2025'])).toBe('{"anthropic_version":"v1"}')
    expect(enclosed('{"model":"m"}', spoken, headers)).toBe('{"anthropic_version":"v1"}')
  })

  it('refuses a field that stands there twice', () => {
    expect(() => enclosed('{"model":"a","model":"b"}')).toThrow(expect.objectContaining({ code: 'invalid_request' }))
  })
})

describe('encloseObject', () => {
  it('does the same to a request that was written here', () => {
    const body = { model: 'm', stream: true, max_tokens: 1 }
    expect(encloseObject(body, silent)).toEqual({ anthropic_version: 'v1', max_tokens: 1 })
    expect(encloseObject(body, spoken)).toEqual({ anthropic_version: 'v1', max_tokens: 1, stream: true })
  })
})
