import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { refusalOf } from './vendor-refusal.ts'

const refusal = (body: unknown, status = 400) => refusalOf(status, Buffer.from(JSON.stringify(body)))

describe('refusalOf', () => {
  it.each([
    {
      error: { message: 'Too long', type: 'invalid_request_error', param: 'messages', code: 'context_length_exceeded' },
    },
    { error: { message: "This model's maximum context length is 8192 tokens. However, you requested 9000." } },
    {
      type: 'error',
      error: { type: 'invalid_request_error', message: 'prompt is too long: 210000 tokens > 200000 maximum' },
    },
    { type: 'error', error: { message: 'input length and `max_tokens` exceed context limit: 199000 + 8192 > 200000' } },
    {
      error: {
        code: 400,
        status: 'INVALID_ARGUMENT',
        message: 'The input token count (317740) exceeds the maximum number of tokens allowed (131072).',
      },
    },
    [{ error: { code: 400, message: 'The input token count exceeds the maximum number of tokens allowed 1048576.' } }],
    { message: 'Input is too long for requested model.' },
  ])('recognises a context that is too long: %j', (body) => {
    expect(refusal(body)).toBe('context_overflow')
  })

  it.each([
    { error: { message: 'The response was filtered', code: 'content_filter', status: 400 } },
    { error: { code: 'bad', innererror: { code: 'ResponsibleAIPolicyViolation' } } },
    { error: { message: 'Your request was blocked by content filter' } },
  ])('recognises a content filter: %j', (body) => {
    expect(refusal(body)).toBe('content_filter')
  })

  it.each([
    { error: { message: 'Unknown parameter: context', code: 'unknown_parameter' } },
    { error: { message: 'max_tokens is too large', type: 'invalid_request_error' } },
    { error: { message: 'no', code: 'constructor' } },
    { error: 'context_length_exceeded' },
    null,
    3,
  ])('sees nothing of the kind in %j', (body) => {
    expect(refusal(body)).toBeUndefined()
  })

  it('looks at no other status, and never throws', () => {
    expect(refusal({ error: { code: 'context_length_exceeded' } }, 500)).toBeUndefined()
    fc.assert(fc.property(fc.json(), (body) => void refusalOf(400, Buffer.from(body))))
    expect(refusalOf(400, Buffer.from('<html>maximum context length'))).toBeUndefined()
  })
})
