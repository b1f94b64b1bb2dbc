import type { Json, JsonObject } from '@konnect/contract'
import type { Principal } from '@konnect/sdk'
import { FakeExchange, fakePolicyContext, runPolicy } from '@konnect/testkit'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { jwt } from './policy.ts'

type Settings = Parameters<typeof jwt.compile>[0]
const START_MS = 1_800_000_000_000
const URL = 'https://login.example.com/jwks.json'
const SECRET = 'a secret of at least thirty-two characters'
const principal: Principal = { tenantId: 'ten_1', applicationId: 'app_1', application: 'mobile', keyId: null }

const pairOf = async (kid: string, alg = 'ES256') => {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true })
  return { kid, alg, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg } as JsonObject }
}
type Pair = Awaited<ReturnType<typeof pairOf>>
const first = await pairOf('first')
const second = await pairOf('second')

let nowMs = START_MS
/** What the identity provider publishes; undefined while it is away. */
let published: Json | undefined
const fetchJson = vi.fn(async (): Promise<Json> => {
  if (published === undefined) throw new Error('connect ECONNREFUSED')
  return published
})
let sharedValues = new Map<string, unknown>()

beforeEach(() => {
  nowMs = START_MS
  published = { keys: [first.jwk] }
  fetchJson.mockClear()
  sharedValues = new Map()
})

const compile = (settings: Settings = { jwksUrl: URL }) =>
  jwt.compile(
    settings,
    fakePolicyContext({
      fetchJson,
      sharedValues,
      now: () => nowMs,
      directory: {
        findByClaims: (tenantId, { sub }) => (tenantId === 'ten_1' && sub === 'mobile' ? principal : undefined),
      },
    }),
  )

interface Claims extends JsonObject {
  sub: string
}

const tokenOf = (pair: Pair, claims: JsonObject = {}, header: { kid?: string } = {}) =>
  new SignJWT({ sub: 'mobile', exp: nowMs / 1000 + 300, ...claims } satisfies Claims)
    .setProtectedHeader({ alg: pair.alg, kid: pair.kid, ...header })
    .sign(pair.privateKey)

const secretTokenOf = (alg = 'HS256', secret = SECRET) =>
  new SignJWT({ sub: 'mobile', exp: nowMs / 1000 + 300 })
    .setProtectedHeader({ alg })
    .sign(new TextEncoder().encode(secret))

async function identify(handlers: ReturnType<typeof compile>, token: string | undefined): Promise<FakeExchange> {
  const exchange = new FakeExchange({ headers: token === undefined ? [] : ['authorization', `Bearer ${token}`] })
  await runPolicy(handlers, exchange)
  return exchange
}

const isRefused = {
  code: 'credential_invalid',
  status: 401,
  headers: ['www-authenticate', 'Bearer error="invalid_token"'],
}
const isAway = { code: 'dependency_unavailable', status: 503 }

describe('jwt', () => {
  it('identifies the application that the claims name, and passes the claims on', async () => {
    const { principal: found } = await identify(compile(), await tokenOf(first, { scope: 'read' }))
    expect(found).toMatchObject({ applicationId: 'app_1', claims: { sub: 'mobile', scope: 'read' } })
  })

  it('leaves other credentials and anonymous requests alone', async () => {
    for (const value of [undefined, 'kn_test_0123456789abcdef', 'a.b.c']) {
      const { principal: found } = await identify(compile(), value)
      expect(found).toBeUndefined()
    }
    const basic = new FakeExchange({ headers: ['authorization', 'Basic eyJ0.eyJ0.eyJ0'] })
    expect(compile().identify?.(basic)).toBeUndefined()
    expect(fetchJson).not.toHaveBeenCalled()
  })

  it('refuses tokens that are expired, not yet valid, tampered with or malformed', async () => {
    const good = await tokenOf(first)
    const bad = [
      await tokenOf(first, { exp: nowMs / 1000 - 31 }),
      await tokenOf(first, { nbf: nowMs / 1000 + 31 }),
      `${good.slice(0, -8)}AAAAAAAA`,
      good.replace(/\.[^.]*\./, `.${btoa('{"sub":"mobile","exp":99999999999}').replaceAll('=', '')}.`),
      'eyJ.eyJ.sig',
    ]
    for (const token of bad) await expect(identify(compile(), token)).rejects.toMatchObject(isRefused)
  })

  it('tolerates clocks that differ a little', async () => {
    const token = await tokenOf(first, { exp: nowMs / 1000 - 20 })
    expect((await identify(compile(), token)).principal).toBeDefined()
    await expect(identify(compile({ jwksUrl: URL, clockSkew: '10s' }), token)).rejects.toMatchObject(isRefused)
  })

  it('demands an expiry unless told otherwise', async () => {
    const token = await new SignJWT({ sub: 'mobile' })
      .setProtectedHeader({ alg: 'ES256', kid: 'first' })
      .sign(first.privateKey)
    await expect(identify(compile(), token)).rejects.toMatchObject(isRefused)
    expect((await identify(compile({ jwksUrl: URL, requireExpiry: false }), token)).principal).toBeDefined()
  })

  it('checks issuer and audience where they are set', async () => {
    const handlers = compile({ jwksUrl: URL, issuer: ['https://a/', 'https://b/'], audience: 'orders' })
    const claims = { iss: 'https://b/', aud: ['other', 'orders'] }
    expect((await identify(handlers, await tokenOf(first, claims))).principal).toBeDefined()
    for (const wrong of [{ iss: 'https://c/' }, { aud: 'other' }]) {
      await expect(identify(handlers, await tokenOf(first, { ...claims, ...wrong }))).rejects.toMatchObject(isRefused)
    }
    await expect(identify(handlers, await tokenOf(first))).rejects.toMatchObject(isRefused)
  })

  it('refuses a good token of an unknown application, unless anonymous callers may pass', async () => {
    const token = await tokenOf(first, { sub: 'stranger' })
    await expect(identify(compile(), token)).rejects.toMatchObject(isRefused)
    const exchange = await identify(compile({ jwksUrl: URL, requireApplication: false, required: true }), token)
    expect(exchange.principal).toBeUndefined()
  })

  it('demands a token of a public API where it is required', async () => {
    await expect(identify(compile({ jwksUrl: URL, required: true }), undefined)).rejects.toMatchObject({
      code: 'credential_missing',
      headers: ['www-authenticate', 'Bearer'],
    })
  })

  it('keeps an identity that was found before', async () => {
    const exchange = new FakeExchange({ principal, headers: ['authorization', 'Bearer eyJ.eyJ.sig'] })
    await runPolicy(compile(), exchange)
    expect(exchange.principal).toBe(principal)
  })

  it('hides the token only where it is told to, and nothing else', async () => {
    const token = await tokenOf(first)
    expect((await identify(compile(), token)).request.headers).toHaveLength(2)
    const exchange = new FakeExchange({ headers: ['x-token', token, 'authorization', 'Basic abc'] })
    await runPolicy(compile({ jwksUrl: URL, header: 'X-Token', hideCredential: true }), exchange)
    expect(exchange.principal).toBeDefined()
    expect(exchange.request.headers).toEqual(['authorization', 'Basic abc'])
  })
})

describe('jwt algorithms', () => {
  it('accept a shared secret for HS256 only where there is one', async () => {
    expect((await identify(compile({ secret: SECRET }), await secretTokenOf())).principal).toBeDefined()
    await expect(identify(compile({ secret: SECRET }), await secretTokenOf('HS512'))).rejects.toMatchObject(isRefused)
    await expect(
      identify(compile({ secret: SECRET }), await secretTokenOf('HS256', `${SECRET}!`)),
    ).rejects.toMatchObject(isRefused)
    await expect(identify(compile(), await secretTokenOf())).rejects.toMatchObject(isRefused)
  })

  it('never let a public key pass for a shared secret', async () => {
    const handlers = compile({ jwksUrl: URL, secret: SECRET, algorithms: ['ES256', 'HS256'] })
    const forged = await secretTokenOf('HS256', JSON.stringify(first.jwk))
    await expect(identify(handlers, forged)).rejects.toMatchObject(isRefused)
    expect((await identify(handlers, await secretTokenOf())).principal).toBeDefined()
    expect((await identify(handlers, await tokenOf(first))).principal).toBeDefined()
  })

  it('never accept an unsigned token', async () => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const unsigned = `${part({ alg: 'none' })}.${part({ sub: 'mobile', exp: nowMs / 1000 + 300 })}.`
    await expect(identify(compile(), unsigned)).rejects.toMatchObject(isRefused)
  })

  it('accept only what is allowed', async () => {
    await expect(
      identify(compile({ jwksUrl: URL, algorithms: ['RS256'] }), await tokenOf(first)),
    ).rejects.toMatchObject(isRefused)
  })

  it('that do not fit the keys are refused when they are compiled', () => {
    const wrong: Settings[] = [{}, { jwksUrl: URL, algorithms: ['HS256'] }, { secret: SECRET, algorithms: ['RS256'] }]
    for (const settings of wrong) expect(() => compile(settings)).toThrow('snapshot_invalid')
  })
})

describe('jwt keys', () => {
  it('are fetched once, by however many requests, and outlive a publish', async () => {
    const token = await tokenOf(first)
    const handlers = compile()
    await Promise.all(Array.from({ length: 20 }, () => identify(handlers, token)))
    await identify(compile(), token)
    expect(fetchJson).toHaveBeenCalledTimes(1)
  })

  it('are fetched again for an unknown key, and no more often than every ten seconds', async () => {
    const handlers = compile()
    await identify(handlers, await tokenOf(first))
    published = { keys: [second.jwk] }
    await expect(identify(handlers, await tokenOf(second))).rejects.toMatchObject(isRefused)
    nowMs += 10_000
    expect((await identify(handlers, await tokenOf(second))).principal).toBeDefined()
    expect(fetchJson).toHaveBeenCalledTimes(2)
    for (let i = 0; i < 10; i++) {
      await expect(identify(handlers, await tokenOf(second, {}, { kid: `forged-${i}` }))).rejects.toMatchObject(
        isRefused,
      )
    }
    expect(fetchJson).toHaveBeenCalledTimes(2)
    await expect(identify(handlers, await tokenOf(first))).rejects.toMatchObject(isRefused)
  })

  it('are refreshed in the background once they are old', async () => {
    const handlers = compile()
    await identify(handlers, await tokenOf(first))
    nowMs += 600_001
    published = { keys: [first.jwk, second.jwk] }
    expect((await identify(handlers, await tokenOf(first))).principal).toBeDefined()
    expect(fetchJson).toHaveBeenCalledTimes(2)
    expect((await identify(handlers, await tokenOf(second))).principal).toBeDefined()
  })

  it('go on being used while the issuer is away, for a day', async () => {
    const handlers = compile()
    await identify(handlers, await tokenOf(first))
    published = undefined
    nowMs += 23 * 3_600_000
    expect((await identify(handlers, await tokenOf(first))).principal).toBeDefined()
    nowMs += 2 * 3_600_000
    await expect(identify(handlers, await tokenOf(first))).rejects.toMatchObject(isAway)
  })

  it('that cannot be had make the answer 503, never 401, and are asked for once a second', async () => {
    published = undefined
    const handlers = compile()
    for (let i = 0; i < 5; i++) await expect(identify(handlers, await tokenOf(first))).rejects.toMatchObject(isAway)
    expect(fetchJson).toHaveBeenCalledTimes(1)
    nowMs += 1_000
    published = { keys: [first.jwk] }
    expect((await identify(handlers, await tokenOf(first))).principal).toBeDefined()
  })

  it('unknown while the issuer is away make the answer 503: the key may be a new one', async () => {
    const handlers = compile()
    await identify(handlers, await tokenOf(first))
    published = undefined
    nowMs += 10_000
    await expect(identify(handlers, await tokenOf(second))).rejects.toMatchObject(isAway)
    expect((await identify(handlers, await tokenOf(first))).principal).toBeDefined()
  })

  it('in a document that is no key set make the answer 503', async () => {
    for (const document of [null, [], {}, { keys: 'none' }, { keys: [null] }] as Json[]) {
      published = document
      sharedValues = new Map()
      await expect(identify(compile(), await tokenOf(first))).rejects.toMatchObject(isAway)
    }
  })

  it('that cannot be used make the answer 503', async () => {
    published = { keys: [{ ...first.jwk, x: 'AAAA' }] }
    await expect(identify(compile(), await tokenOf(first))).rejects.toMatchObject(isAway)
  })
})
