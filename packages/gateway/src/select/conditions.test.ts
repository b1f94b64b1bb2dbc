import { GatewayError, type SnapshotConditions } from '@konnect/contract'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileConditions, fitting, type RequestTraits } from './conditions.ts'

const request = (part: Partial<RequestTraits> = {}): RequestTraits => ({
  name: 'assistant',
  applicationId: 'app_1',
  isStream: false,
  headers: ['x-tier', 'gold'],
  offersTools: false,
  inputTokens: 100,
  ...part,
})
const takes = (when: SnapshotConditions, part: Partial<RequestTraits> = {}) =>
  compileConditions(when)?.refusal(request(part)) === undefined

const deployment = (model: string, when?: SnapshotConditions) => ({
  provider: 'vendor',
  model,
  conditions: compileConditions(when),
})

describe('compileConditions', () => {
  it('gives nothing to look at where there are no conditions', () => {
    expect(compileConditions(undefined)).toBeUndefined()
    expect(compileConditions({})).toBeUndefined()
    expect(compileConditions({ headers: {} })).toBeUndefined()
  })

  it.each<[SnapshotConditions, Partial<RequestTraits>, Partial<RequestTraits>]>([
    [{ names: ['fast', 'assistant@v2'] }, { name: 'assistant@v2' }, { name: 'assistant' }],
    [{ applicationIds: ['app_1'] }, {}, { applicationId: 'app_2' }],
    [{ applicationIds: ['app_1'] }, {}, { applicationId: undefined }],
    [{ stream: true }, { isStream: true }, {}],
    [{ stream: false }, {}, { isStream: true }],
    [{ tools: true }, { offersTools: true }, {}],
    [{ tools: false }, {}, { offersTools: true }],
    [{ minInputTokens: 100 }, {}, { inputTokens: 99 }],
    [{ maxInputTokens: 100 }, {}, { inputTokens: 101 }],
    [{ headers: { 'X-Tier': 'gold' } }, {}, { headers: ['x-tier', 'Gold'] }],
    [{ headers: { 'x-tier': 'gold' } }, {}, { headers: [] }],
  ])('%j takes %j and not %j', (when, taken, refused) => {
    expect(takes(when, taken)).toBe(true)
    expect(takes(when, refused)).toBe(false)
  })

  it('asks for all conditions that are given', () => {
    const when = { stream: true, tools: true, minInputTokens: 50 }
    expect(takes(when, { isStream: true, offersTools: true })).toBe(true)
    fc.assert(
      fc.property(fc.boolean(), fc.boolean(), fc.nat({ max: 100 }), (isStream, offersTools, inputTokens) => {
        expect(takes(when, { isStream, offersTools, inputTokens })).toBe(isStream && offersTools && inputTokens >= 50)
      }),
    )
  })

  it('looks at the content only when nothing else excludes the request', () => {
    const unread = {
      ...request(),
      get inputTokens(): number {
        throw new Error('The content was read')
      },
    }
    expect(compileConditions({ stream: true, minInputTokens: 1 })?.refusal(unread)).toBe('requests for a stream')
  })
})

describe('fitting', () => {
  it('keeps those that take the request, in their order', () => {
    const list = [deployment('a', { tools: true }), deployment('b'), deployment('c', { stream: false })]
    expect(fitting('assistant', list, request()).map(({ model }) => model)).toEqual(['b', 'c'])
  })

  it('says to the client what is taken instead, and to the operator by which deployment', () => {
    const list = [
      deployment('a', { maxInputTokens: 10 }),
      deployment('b', { tools: true }),
      deployment('c', { tools: true }),
    ]
    let error: unknown
    try {
      fitting('assistant', list, request())
    } catch (thrown) {
      error = thrown
    }
    expect(error).toBeInstanceOf(GatewayError)
    expect(error).toMatchObject({
      code: 'unsupported_feature',
      detail:
        'No deployment of the model "assistant" takes this request, only: requests of at most 10 input tokens, of which this one has about 100; requests with tools.',
    })
    expect((error as GatewayError).reason).toContain('vendor/b takes requests with tools')
  })

  it('leaves a model without deployments to others', () => {
    expect(fitting('assistant', [], request())).toEqual([])
  })
})
