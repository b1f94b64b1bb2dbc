import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AiCallSchema, AttemptSchema, type Call, CallSchema, UsageSchema } from './call.ts'
import { decodeCall, encodeCall } from './call-codec.ts'
import { validate } from './validate.ts'

// Append only: the place in these lists is what a value means on disk and between programs of different versions.
const ORDER = {
  call: `id tenantId gateway kind startedAt durationMs gatewayMs upstreamMs method host path status errorCode errorReason
    apiId api routeId route applicationId application keyId clientIp userAgent requestBytes responseBytes attempts
    stations traceId snapshotVersion ai content`,
  attempt: 'target status durationMs error reason key',
  ai: `dialect model modelId providerId provider vendor upstreamModel isStream usage isEstimated costUsd priceSource
    finishReason firstTokenMs isTruncated dropped version shadowOf region residency queuedMs`,
  usage:
    'inputTokens outputTokens cachedInputTokens cacheWriteTokens cacheWriteLongTokens reasoningTokens ' +
    'inputAudioTokens cachedInputAudioTokens outputAudioTokens',
}

const PLAIN: Call = {
  id: 'req_1',
  tenantId: 'default',
  gateway: 'node-1/1',
  kind: 'http',
  startedAt: '2026-01-31T12:00:00.000Z',
  durationMs: 12.5,
  gatewayMs: 0.2,
  upstreamMs: 12,
  method: 'GET',
  host: 'api.example.com',
  path: '/orders',
  status: 200,
  errorCode: null,
  errorReason: null,
  apiId: 'api_1',
  api: 'orders',
  routeId: null,
  route: null,
  applicationId: null,
  application: null,
  keyId: null,
  clientIp: '192.0.2.1',
  userAgent: null,
  requestBytes: 0,
  responseBytes: 10,
  attempts: [{ target: 'http://127.0.0.1:9001', status: 200, durationMs: 11.5, error: null }],
  stations: { match: 3 },
  traceId: null,
  snapshotVersion: 1,
  ai: null,
}

const roundTrip = (call: Call): Call => decodeCall(JSON.parse(encodeCall(call)))

describe('the positions of an encoded call', () => {
  it.each([
    ['call', CallSchema],
    ['attempt', AttemptSchema],
    ['ai', AiCallSchema],
    ['usage', UsageSchema],
  ] as const)('of %s keep their place', (name, schema) => {
    expect(Object.keys(schema.properties)).toEqual(ORDER[name].split(/\s+/))
  })

  it('are the version, then the values, without the empty ones at the end', () => {
    const http = [
      ...[1, 'req_1', 'default', 'node-1/1', 'http', '2026-01-31T12:00:00.000Z', 12.5, 0.2, 12],
      ...['GET', 'api.example.com', '/orders', 200, null, null, 'api_1', 'orders', null, null, null, null, null],
      ...['192.0.2.1', null, 0, 10, [['http://127.0.0.1:9001', 200, 11.5]], { match: 3 }, null, 1],
    ]
    expect(JSON.parse(encodeCall(PLAIN))).toEqual(http)
    expect(JSON.parse(encodeCall({ ...PLAIN, content: { requestBody: 'x' } }))).toEqual([
      ...http,
      null,
      { requestBody: 'x' },
    ])
  })
})

describe('a decoded call', () => {
  it('equals the one that was encoded, and fits the definition', () => {
    fc.assert(
      fc.property(anyCall, (call) => {
        const decoded = roundTrip(call)
        expect(decoded).toStrictEqual(JSON.parse(JSON.stringify(call)))
        expect(validate(CallSchema, decoded)).toEqual([])
      }),
    )
  })

  it('comes from one line of text, whatever is in the call', () => {
    fc.assert(
      fc.property(anyCall, (call) => {
        expect(encodeCall(call)).toMatch(/^\[[^\n]*\]$/)
      }),
    )
  })

  it('leaves out what a newer program appended, also within', () => {
    const tuple = JSON.parse(encodeCall({ ...PLAIN, content: {} })) as unknown[]
    const attempts = [['http://127.0.0.1:9001', 200, 11.5, null, null, null, 'new']]
    expect(decodeCall([...tuple.with(26, attempts), 'new', { more: true }])).toEqual({ ...PLAIN, content: {} })
  })

  it('has null where an older program knew no such property, so that the definition can tell', () => {
    const decoded = decodeCall([1, 'req_1', 'default'])
    expect(decoded).toMatchObject({ id: 'req_1', ai: null, traceId: null, status: null })
    expect(decoded).not.toHaveProperty('content')
    expect(validate(CallSchema, decoded)).toContainEqual({ path: '/status', message: 'Expected integer, got null.' })
  })

  it('keeps values of the wrong type for the validation to name', () => {
    const tuple = JSON.parse(encodeCall(PLAIN)) as unknown[]
    const decoded = decodeCall(tuple.with(12, 'ok').with(26, [7]))
    expect(validate(CallSchema, decoded).map(({ path }) => path)).toEqual(
      expect.arrayContaining(['/status', '/attempts/0']),
    )
  })

  it.each([
    [null, 'An encoded call is an array.'],
    [{ id: 'req_1' }, 'An encoded call is an array.'],
    ['[1]', 'An encoded call is an array.'],
    [[], 'Expected a call of format 1, got undefined.'],
    [[2, 'req_1'], 'Expected a call of format 1, got 2.'],
    [['req_1'], 'Expected a call of format 1, got "req_1".'],
  ])('is never made of %j', (tuple, message) => {
    expect(() => decodeCall(tuple)).toThrow(
      expect.objectContaining({ code: 'validation_failed', errors: [{ path: '', message }] }),
    )
  })
})

const text = fc.string({ unit: fc.constantFrom('a', '"', '\\', '\n', '\0', '\u2028', 'ü', '\ud800', '😀', '[', ',') })
const orNull = <T>(given: fc.Arbitrary<T>) => fc.option(given, { nil: null })
const count = fc.nat()
const duration = fc.double({ min: 0, max: 1e6, noNaN: true })
const integer = fc.integer()
const headers = fc.array(text, { maxLength: 3 })

const tokens = {
  inputTokens: count,
  outputTokens: count,
  cachedInputTokens: count,
  cacheWriteTokens: count,
  cacheWriteLongTokens: count,
  reasoningTokens: count,
}
const sound = { inputAudioTokens: count, cachedInputAudioTokens: count, outputAudioTokens: count }
const usage = fc.record({ ...tokens, ...sound }, { requiredKeys: Object.keys(tokens) as (keyof typeof tokens)[] })
const attempt = fc.record(
  { target: text, status: orNull(integer), durationMs: duration, error: orNull(text), reason: text, key: text },
  { requiredKeys: ['target', 'status', 'durationMs', 'error'], noNullPrototype: true },
)
const aiFields = {
  dialect: text,
  model: text,
  modelId: text,
  providerId: orNull(text),
  provider: orNull(text),
  vendor: orNull(text),
  upstreamModel: orNull(text),
  isStream: fc.boolean(),
  usage: orNull(usage),
  costUsd: orNull(fc.constantFrom('0', '12', '0.000000000123')),
  priceSource: orNull(text),
  finishReason: orNull(text),
  firstTokenMs: orNull(duration),
  isTruncated: fc.boolean(),
  dropped: fc.array(text, { maxLength: 2 }),
}
const ai = fc.oneof(fc.record(aiFields), fc.record({ ...aiFields, isEstimated: fc.boolean() }))
const content = fc.record(
  { requestHeaders: headers, responseHeaders: headers, requestBody: text, responseBody: text },
  { requiredKeys: [], noNullPrototype: true },
)
const callFields = {
  id: text,
  tenantId: text,
  gateway: text,
  kind: fc.constantFrom('http' as const, 'websocket' as const, 'ai' as const),
  startedAt: text,
  durationMs: duration,
  gatewayMs: duration,
  upstreamMs: orNull(duration),
  method: text,
  host: text,
  path: text,
  status: integer,
  errorCode: orNull(text),
  errorReason: orNull(text),
  apiId: orNull(text),
  api: orNull(text),
  routeId: orNull(text),
  route: orNull(text),
  applicationId: orNull(text),
  application: orNull(text),
  keyId: orNull(text),
  clientIp: text,
  userAgent: orNull(text),
  requestBytes: count,
  responseBytes: count,
  attempts: fc.array(attempt, { maxLength: 3 }),
  stations: fc.dictionary(fc.constantFrom('match', 'send', '"', ''), duration, { noNullPrototype: true }),
  traceId: orNull(text),
  snapshotVersion: count,
  ai: orNull(ai),
}
const anyCall: fc.Arbitrary<Call> = fc.oneof(fc.record(callFields), fc.record({ ...callFields, content }))
