import { type HeaderList, headerOf, headerValues } from '@konnect/contract'
import { FakeExchange, fakePolicyContext, runPolicy } from '@konnect/testkit'
import { describe, expect, it } from 'vitest'
import { cors } from './policy.ts'

type Settings = Parameters<typeof cors.compile>[0]
const APP = 'https://app.example.com'

async function preflight(settings: Settings, headers: HeaderList) {
  const exchange = new FakeExchange({ method: 'OPTIONS', headers })
  await runPolicy(cors.compile(settings, fakePolicyContext()), exchange, 'return')
  return exchange
}

async function call(settings: Settings, origin: string | undefined, upstream: HeaderList = []) {
  const exchange = new FakeExchange({ headers: origin === undefined ? [] : ['origin', origin] })
  const handlers = cors.compile(settings, fakePolicyContext())
  await runPolicy(handlers, exchange)
  const response = exchange.respond(200, upstream)
  await handlers.return?.(exchange)
  return { exchange, headers: response.headers }
}

describe('cors preflight', () => {
  const ask = ['origin', APP, 'access-control-request-method', 'PUT', 'access-control-request-headers', 'x-one, x-two']

  it('is answered without asking the upstream', async () => {
    const { answered, responseHeaders } = await preflight({ origins: [APP] }, ask)
    expect(answered?.status).toBe(204)
    expect(headerOf(answered?.headers ?? [], 'access-control-allow-methods')).toBe(
      'GET, HEAD, POST, PUT, PATCH, DELETE',
    )
    expect(headerOf(answered?.headers ?? [], 'access-control-allow-headers')).toBe('x-one, x-two')
    expect(headerOf(answered?.headers ?? [], 'access-control-max-age')).toBe('600')
    expect(headerOf(responseHeaders, 'access-control-allow-origin')).toBe(APP)
  })

  it('lists configured methods, fields and age', async () => {
    const settings: Settings = { origins: [APP], methods: ['GET'], headers: ['X-One'], maxAge: '1h', credentials: true }
    const { answered, response, responseHeaders } = await preflight(settings, ask)
    expect(headerOf(answered?.headers ?? [], 'access-control-allow-methods')).toBe('GET')
    expect(headerOf(answered?.headers ?? [], 'access-control-allow-headers')).toBe('X-One')
    expect(headerOf(answered?.headers ?? [], 'access-control-max-age')).toBe('3600')
    expect(headerOf(responseHeaders, 'access-control-allow-credentials')).toBe('true')
    expect(headerValues(response?.headers ?? [], 'access-control-allow-origin')).toEqual([APP])
  })

  it('echoes the method where all are allowed, and says that the answer depends on it', async () => {
    const { answered } = await preflight({ origins: ['*'], methods: ['*'] }, ask)
    expect(headerOf(answered?.headers ?? [], 'access-control-allow-methods')).toBe('PUT')
    expect(headerOf(answered?.headers ?? [], 'vary')).toBe(
      'Access-Control-Request-Method, Access-Control-Request-Headers',
    )
  })

  it('of another origin is answered without any CORS field', async () => {
    const { answered, responseHeaders } = await preflight({ origins: ['https://other.example.com'] }, ask)
    expect(answered).toEqual({ status: 204, headers: [] })
    expect(responseHeaders).toEqual(['vary', 'Origin'])
  })

  it('is not mistaken for an OPTIONS request of an API', async () => {
    expect((await preflight({ origins: ['*'] }, ['origin', APP])).answered).toBeUndefined()
  })
})

describe('cors', () => {
  it('shares with everyone when nothing is set', async () => {
    expect(headerOf((await call({}, APP)).headers, 'access-control-allow-origin')).toBe('*')
  })

  it('shares with a listed origin and names it, with Vary', async () => {
    const { exchange, headers } = await call({ origins: [APP], exposeHeaders: ['X-Total', 'ETag'] }, APP)
    expect(headerOf(headers, 'access-control-allow-origin')).toBe(APP)
    expect(headerOf(headers, 'access-control-expose-headers')).toBe('X-Total, ETag')
    expect(headerOf(exchange.responseHeaders, 'vary')).toBe('Origin')
  })

  it('shares errors too, so that scripts can read them', async () => {
    const { exchange } = await call({ origins: [APP] }, APP)
    expect(headerOf(exchange.responseHeaders, 'access-control-allow-origin')).toBe(APP)
  })

  it('shares with everyone under *, without Vary', async () => {
    const { exchange, headers } = await call({ origins: ['*'] }, APP)
    expect(headerOf(headers, 'access-control-allow-origin')).toBe('*')
    expect(headerOf(exchange.responseHeaders, 'vary')).toBeUndefined()
  })

  it('replaces what the upstream says about sharing', async () => {
    const upstream = ['access-control-allow-origin', '*', 'access-control-allow-credentials', 'true', 'x-own', '1']
    expect((await call({ origins: [APP] }, APP, upstream)).headers).toEqual([
      'x-own',
      '1',
      'access-control-allow-origin',
      APP,
    ])
    expect((await call({ origins: [APP] }, 'https://evil.example', upstream)).headers).toEqual(['x-own', '1'])
  })

  it('says Vary: Origin also to requests without an origin, so that caches keep them apart', async () => {
    const { exchange, headers } = await call({ origins: [APP] }, undefined)
    expect(exchange.responseHeaders).toEqual(['vary', 'Origin'])
    expect(headers).toEqual([])
  })

  it('lets subdomains in, and nothing that only looks like one', async () => {
    const settings: Settings = { origins: ['https://*.example.com'] }
    const isShared = async (origin: string) =>
      headerOf((await call(settings, origin)).headers, 'access-control-allow-origin') === origin
    for (const origin of ['https://a.example.com', 'https://a.b.example.com']) expect(await isShared(origin)).toBe(true)
    for (const origin of [
      'https://example.com',
      'http://a.example.com',
      'https://a.example.com:8443',
      'https://evilexample.com',
      'https://a.example.com.evil.test',
      'https://evil.test/.example.com',
      'null',
    ]) {
      expect(await isShared(origin)).toBe(false)
    }
  })

  it('compares origins as browsers write them', async () => {
    const { headers } = await call({ origins: ['HTTPS://App.Example.com:443'] }, APP)
    expect(headerOf(headers, 'access-control-allow-origin')).toBe(APP)
  })

  it('refuses other origins with 403 where configured', async () => {
    const settings: Settings = { origins: [APP], disallowed: 'reject' }
    await expect(call(settings, 'https://evil.example')).rejects.toMatchObject({ code: 'origin_denied', status: 403 })
    await expect(call(settings, undefined)).resolves.toBeDefined()
  })

  it('keeps the origin even when a later policy removes the field from the request', async () => {
    const exchange = new FakeExchange({ headers: ['origin', APP] })
    const handlers = cors.compile({ origins: [APP] }, fakePolicyContext())
    await runPolicy(handlers, exchange)
    exchange.request.headers.length = 0
    const response = exchange.respond(200)
    await handlers.return?.(exchange)
    expect(headerOf(response.headers, 'access-control-allow-origin')).toBe(APP)
  })

  it('refuses credentials for everyone when it is compiled', () => {
    for (const origins of [['*'], [APP, 'null']]) {
      expect(() => cors.compile({ origins, credentials: true }, fakePolicyContext())).toThrow('snapshot_invalid')
    }
  })
})
