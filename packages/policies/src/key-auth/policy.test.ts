import type { HeaderList } from '@konnect/contract'
import type { Principal } from '@konnect/sdk'
import { FakeExchange, fakePolicyContext, runPolicy } from '@konnect/testkit'
import { describe, expect, it, vi } from 'vitest'
import { keyAuth } from './policy.ts'

const KEY = 'kn_test_0123456789abcdef'
const TOKEN = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln'
const principal: Principal = { tenantId: 'ten_1', applicationId: 'app_1', application: 'mobile', keyId: 'key_1' }

function setUp(settings: Parameters<typeof keyAuth.compile>[0] = {}) {
  const findKey = vi.fn((value: string) => (value === KEY ? principal : undefined))
  return { handlers: keyAuth.compile(settings, fakePolicyContext({ directory: { findKey } })), findKey }
}

async function identify(headers: HeaderList, settings: Parameters<typeof keyAuth.compile>[0] = {}, query = '') {
  const exchange = new FakeExchange({ headers, query })
  await runPolicy(setUp(settings).handlers, exchange)
  return exchange
}

describe('key-auth', () => {
  it('reads the key where the common SDKs put it', async () => {
    for (const field of [
      ['authorization', `Bearer ${KEY}`],
      ['authorization', `bearer  ${KEY}`],
      ['x-api-key', KEY],
      ['x-goog-api-key', KEY],
    ]) {
      expect((await identify(field)).principal).toBe(principal)
    }
  })

  it('answers synchronously', () => {
    const exchange = new FakeExchange({ headers: ['x-api-key', KEY] })
    expect(setUp().handlers.identify?.(exchange)).toBeUndefined()
    expect(exchange.principal).toBe(principal)
  })

  it('leaves an exchange without a credential alone', async () => {
    const exchange = await identify(['accept', '*/*', 'authorization', 'Basic dXNlcjpwYXNz'])
    expect(exchange.principal).toBeUndefined()
    expect(exchange.request.headers).toHaveLength(4)
  })

  it('refuses an unknown key with 401 and a challenge', async () => {
    await expect(identify(['x-api-key', 'kn_test_unknown'])).rejects.toMatchObject({
      code: 'credential_invalid',
      status: 401,
      headers: ['www-authenticate', 'Bearer'],
    })
  })

  it('never asks the directory for an absurdly long key, and refuses it', () => {
    const { handlers, findKey } = setUp()
    const exchange = new FakeExchange({ headers: ['x-api-key', 'k'.repeat(5_000)] })
    expect(() => handlers.identify?.(exchange)).toThrow('credential_invalid')
    expect(findKey).not.toHaveBeenCalled()
  })

  it('hides the field that matched and no other', async () => {
    const exchange = await identify([
      'authorization',
      'Basic dXNlcjpwYXNz',
      'x-api-key',
      KEY,
      'x-goog-api-key',
      'theirs',
    ])
    expect(exchange.request.headers).toEqual(['authorization', 'Basic dXNlcjpwYXNz', 'x-goog-api-key', 'theirs'])
  })

  it('keeps the field when told so', async () => {
    const exchange = await identify(['x-api-key', KEY], { hideCredential: false })
    expect(exchange.request.headers).toEqual(['x-api-key', KEY])
  })

  it('finds a good key behind a credential that is meant for the upstream', async () => {
    const exchange = await identify(['authorization', 'Bearer theirs', 'x-api-key', KEY])
    expect(exchange.principal).toBe(principal)
    expect(exchange.request.headers).toEqual(['authorization', 'Bearer theirs'])
  })

  it('leaves signed tokens to a policy that understands them', async () => {
    const exchange = await identify(['authorization', `Bearer ${TOKEN}`])
    expect(exchange.principal).toBeUndefined()
    expect(exchange.request.headers).toEqual(['authorization', `Bearer ${TOKEN}`])
  })

  it('keeps an identity that was found before', () => {
    const { handlers, findKey } = setUp()
    const exchange = new FakeExchange({ headers: ['x-api-key', 'whatever'], principal })
    expect(handlers.identify?.(exchange)).toBeUndefined()
    expect(findKey).not.toHaveBeenCalled()
  })

  it('reads configured fields only, whatever case they were written in', async () => {
    expect((await identify(['x-team-key', KEY], { headers: ['X-Team-Key'] })).principal).toBe(principal)
    expect((await identify(['x-api-key', KEY], { headers: ['X-Team-Key'] })).principal).toBeUndefined()
  })

  it('reads a query parameter where configured, and takes only that out of the query', async () => {
    const exchange = await identify([], { query: 'api_key' }, `a=1&api_key=${KEY}&b=%20&xapi_key=2`)
    expect(exchange.principal).toBe(principal)
    expect(exchange.request.query).toBe('a=1&b=%20&xapi_key=2')
    expect((await identify([], {}, `api_key=${KEY}`)).principal).toBeUndefined()
  })

  it('survives a query that does not decode', async () => {
    await expect(identify([], { query: 'key' }, 'key=%zz')).rejects.toMatchObject({ code: 'credential_invalid' })
  })

  it('demands a key of a public API where it is required', async () => {
    await expect(identify([], { required: true })).rejects.toMatchObject({ code: 'credential_missing', status: 401 })
    expect((await identify(['x-api-key', KEY], { required: true })).principal).toBe(principal)
  })
})
