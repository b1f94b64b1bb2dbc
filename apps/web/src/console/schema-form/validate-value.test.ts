import { type Json, type JsonObject, RESOURCES, validate } from '@konnect/contract'
import { describe, expect, it } from 'vitest'
import { faultsByPath, validateValue } from './validate-value.ts'

const schemaOf = (kind: string): JsonObject =>
  JSON.parse(JSON.stringify(RESOURCES.find((resource) => resource.kind === kind)?.schema)) as JsonObject

const paths = (kind: string, value: Json) => validateValue(schemaOf(kind), value).map((fault) => fault.path)
const target = { url: 'http://127.0.0.1:9001' }

describe('validateValue', () => {
  it.each([
    ['api', { name: 'orders', upstream: { targets: [target], retries: 2, timeout: '30s' } }],
    ['api', { name: 'orders', upstream: 'pool' }],
    ['route', { paths: ['/orders'], methods: ['GET'], headers: { 'x-a': '*' } }],
    ['subscription', { api: 'orders' }],
    ['provider', { name: 'claude', vendor: 'anthropic', settings: { any: 1 } }],
    ['model', { name: 'a/b:c@d', deployments: [{ provider: 'claude', model: 'm', price: { input: 3 } }] }],
  ] as const)('accepts what the control plane accepts: %s', (kind, value) => {
    expect(validate(schemaOf(kind), value)).toEqual([])
    expect(validateValue(schemaOf(kind), value as unknown as Json)).toEqual([])
  })

  it.each([
    ['api', { name: 'or ders', upstream: 'pool' }, ['/name']],
    ['api', { upstream: 'pool' }, ['/name']],
    ['api', { name: 'orders', upstream: { targets: [] } }, ['/upstream/targets']],
    ['api', { name: 'orders', upstream: { targets: [{ url: 'ftp://x' }] } }, ['/upstream/targets/0/url']],
    ['api', { name: 'orders', upstream: { targets: [target], timeout: 'soon' } }, ['/upstream/timeout']],
    ['api', { name: 'orders', upstream: { targets: [target], retries: 1.5 } }, ['/upstream/retries']],
    ['api', { name: 'orders', upstream: 'pool', state: 'live' }, ['/state']],
    ['api', { name: 'orders', upstream: 'pool', colour: 'red' }, ['/colour']],
    ['route', { paths: ['orders'] }, ['/paths/0']],
    ['subscription', {}, ['']],
    ['subscription', { api: 'a', model: 'b' }, ['']],
    ['budget', { name: 'b', usd: 0, per: 'day' }, ['/usd']],
    ['key', { expiresAt: 'tomorrow' }, ['/expiresAt']],
  ] as const)('refuses what the control plane refuses, at the same place: %s %j', (kind, value, expected) => {
    expect(validate(schemaOf(kind), value)).not.toEqual([])
    expect(paths(kind, value as unknown as Json)).toEqual(expected)
  })

  it('says in words what is expected', () => {
    const [fault] = validateValue(schemaOf('upstream'), { name: 'u', targets: [target], timeout: '5 minutes' })
    expect(fault?.message).toBe('Expected a duration such as 500ms, 30s, 5m or 1h.')
  })
})

describe('faultsByPath', () => {
  it('moves a missing key to the place where it is missing', () => {
    const faults = [
      { path: '/upstream', message: 'Missing "targets".' },
      { path: '/name', message: 'Taken.' },
    ]
    expect(Object.fromEntries(faultsByPath(faults))).toEqual({
      '/upstream/targets': 'This is needed.',
      '/name': 'Taken.',
    })
  })
})
