import { describe, expect, it } from 'vitest'
import { ApiSchema } from './resources/api.ts'
import { SubscriptionSchema } from './resources/consumer.ts'
import { validate } from './validate.ts'

const api = (upstream: unknown) => ({ name: 'orders', upstream })

describe('validate', () => {
  it('accepts what fits', () => {
    expect(validate(ApiSchema, api({ targets: [{ url: 'http://127.0.0.1:9001' }] }))).toEqual([])
    expect(validate(ApiSchema, api('shared'))).toEqual([])
  })

  it.each([
    [api({ targets: [{ url: 'nowhere' }] }), '/upstream/targets/0/url', 'absolute http: or https: URL'],
    [api({}), '/upstream', 'Missing "targets"'],
    [api(5), '/upstream', 'one of'],
    [{ ...api('shared'), color: 'red' }, '/color', 'Unknown key "color"; expected one of: name'],
    [{ name: 'orders' }, '', 'Missing "upstream"'],
  ])('reports one mistake as one fault: %j', (value, path, words) => {
    const faults = validate(ApiSchema, value)
    expect(faults).toHaveLength(1)
    expect(faults[0]?.path).toBe(path)
    expect(faults[0]?.message).toContain(words)
  })

  it.each([{}, { api: 'a', model: 'b' }, { product: 'starter' }])('names the alternatives for %j', (value) => {
    expect(validate(SubscriptionSchema, value)).toEqual([
      { path: '', message: 'Expected exactly one of: "api", "model", "product" with "plan".' },
    ])
  })
})
