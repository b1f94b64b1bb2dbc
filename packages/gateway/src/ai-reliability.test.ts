import type { Call, ModelSpec, SnapshotProvider } from '@konnect/contract'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  AiStage,
  type Answer,
  answering,
  assistantAt,
  failing,
  providerAt,
  streaming,
  streamOf,
  type VendorServer,
} from './ai-harness.ts'

let stage: AiStage
beforeEach(() => {
  stage = new AiStage()
})
afterEach(async () => {
  vi.restoreAllMocks()
  await stage.close()
})

const keys = (...names: string[]): NonNullable<SnapshotProvider['apiKeys']> =>
  names.map((name) => ({ name, value: `value-${name}` }))
const attemptsOf = (call: Call | undefined) => call?.attempts.map(({ target, key, status }) => [target, key, status])
const usedKeys = ({ requests }: VendorServer) => requests.map(({ headers }) => headers.authorization?.slice(13))

/** Answers each key in its own way; the others well. */
const byKey =
  (answers: Readonly<Record<string, Answer>>): Answer =>
  (request, response) => {
    const name = request.headers.authorization?.slice(13) ?? ''
    return (answers[name] ?? answering(`from ${name}`))(request, response)
  }

describe('the keys of a provider', () => {
  it('are all used, the one beside the pool under the name default, and calls say which', async () => {
    const vendor = await stage.vendor(answering('Hello'))
    const pool = providerAt('a', vendor, { apiKey: 'value-own', apiKeys: keys('x', 'y') })
    const { gateway, chat } = await stage.gateway([pool], assistantAt(['a']))
    for (let i = 0; i < 60; i++) await (await chat()).text()
    const calls = await gateway.recorded(60)
    expect(new Set(calls.map(({ attempts }) => attempts[0]?.key))).toEqual(new Set(['default', 'x', 'y']))
    expect(new Set(usedKeys(vendor))).toEqual(new Set(['own', 'x', 'y']))
    expect(JSON.stringify(calls)).not.toContain('value-')
  })

  it('are used by weight', async () => {
    const vendor = await stage.vendor(answering('Hello'))
    const pool = providerAt('a', vendor, {
      apiKeys: [
        { name: 'light', value: 'value-light' },
        { name: 'heavy', value: 'value-heavy', weight: 1000 },
      ],
    })
    const { chat } = await stage.gateway([pool], assistantAt(['a']))
    for (let i = 0; i < 40; i++) await (await chat()).text()
    expect(usedKeys(vendor).filter((name) => name === 'heavy').length).toBeGreaterThan(30)
  })

  it('that are disabled are never used, down to none', async () => {
    const vendor = await stage.vendor(answering('Hello'))
    const apiKeys = [{ name: 'off', value: 'value-off', enabled: false }]
    const some = await stage.gateway(
      [providerAt('a', vendor, { apiKeys: [...apiKeys, ...keys('on')] })],
      assistantAt(['a']),
    )
    for (let i = 0; i < 20; i++) await (await some.chat()).text()
    expect(new Set(usedKeys(vendor))).toEqual(new Set(['on']))
    const none = await stage.gateway([providerAt('a', vendor, { apiKeys })], assistantAt(['a']))
    expect((await none.chat()).status).toBe(503)
    expect(vendor.requests).toHaveLength(20)
  })

  it.each([401, 403])(
    'rest for a minute after a %i while another takes over, in the same request and after',
    async (status) => {
      const answers: Record<string, Answer> = { bad: failing(status) }
      const vendor = await stage.vendor(byKey(answers))
      const spare = await stage.vendor(answering('spare'))
      const { gateway, chat, publish } = await stage.gateway(
        [providerAt('a', vendor, { apiKeys: keys('bad', 'good') }), providerAt('spare', spare)],
        assistantAt(['a', 'spare']),
      )
      for (let i = 0; i < 30; i++) expect(await (await chat()).text()).toContain('from good')
      publish()
      for (let i = 0; i < 10; i++) await (await chat()).text()
      expect(usedKeys(vendor).filter((name) => name === 'bad')).toHaveLength(1)
      const calls = await gateway.recorded(40)
      expect(calls.map(attemptsOf)).toContainEqual([
        ['a', 'bad', status],
        ['a', 'good', 200],
      ])
      expect(spare.requests).toHaveLength(0)
      answers.bad = answering('from bad')
      stage.nowMs += 67_000
      for (let i = 0; i < 30; i++) await (await chat()).text()
      expect(usedKeys(vendor).filter((name) => name === 'bad').length).toBeGreaterThan(1)
    },
  )

  it.each([
    ['a field', failing(429, { message: 'slow' }, { 'retry-after': '40' })],
    [
      'the body',
      failing(429, { details: [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '40s' }] }),
    ],
  ])('rest after a 429 as long as %s says', async (_where, limited) => {
    const vendor = await stage.vendor(byKey({ busy: limited }))
    const { chat } = await stage.gateway(
      [providerAt('a', vendor, { apiKeys: keys('busy', 'good') })],
      assistantAt(['a']),
    )
    const busyAfter = async (ms: number) => {
      stage.nowMs += ms
      for (let i = 0; i < 30; i++) expect((await chat()).status).toBe(200)
      return usedKeys(vendor).filter((name) => name === 'busy').length
    }
    expect([await busyAfter(0), await busyAfter(39_900), await busyAfter(4200)]).toEqual([1, 1, 2])
  })

  it('that are all over their rate answer 429 with the soonest Retry-After, before any vendor hears of it', async () => {
    const limited = (seconds: number) => failing(429, { message: 'slow' }, { 'retry-after': String(seconds) })
    const vendor = await stage.vendor(byKey({ x: limited(200), y: limited(20) }))
    const { gateway, chat } = await stage.gateway(
      [providerAt('a', vendor, { apiKeys: keys('x', 'y') })],
      assistantAt(['a']),
    )
    for (let i = 0; i < 2; i++) {
      const response = await chat()
      expect(response.status).toBe(429)
      expect(Number(response.headers.get('retry-after'))).toBeGreaterThanOrEqual(20)
      expect(Number(response.headers.get('retry-after'))).toBeLessThanOrEqual(22)
      expect(await response.json()).toMatchObject({ error: { message: expect.any(String) } })
    }
    expect(vendor.requests).toHaveLength(2)
    const calls = await gateway.recorded(2)
    expect(calls.map(({ errorCode, attempts }) => [errorCode, attempts.length])).toEqual([
      ['rate_limited', 2],
      ['rate_limited', 0],
    ])
  })

  it('of which one is refused answer 503 when none is left, without the vendor’s word about the credential', async () => {
    const vendor = await stage.vendor(byKey({ x: failing(401, { message: 'Incorrect key' }), y: failing(429) }))
    const { chat } = await stage.gateway([providerAt('a', vendor, { apiKeys: keys('x', 'y') })], assistantAt(['a']))
    const response = await chat()
    expect(response.status).toBe(503)
    expect(await response.text()).not.toContain('Incorrect key')
  })

  it('that all rest let their deployment be passed over', async () => {
    const vendor = await stage.vendor(failing(429, { message: 'slow' }, { 'retry-after': '60' }))
    const spare = await stage.vendor(answering('spare'))
    const { gateway, chat } = await stage.gateway(
      [providerAt('a', vendor, { apiKeys: keys('x', 'y') }), providerAt('spare', spare)],
      assistantAt(['a', 'spare']),
    )
    for (let i = 0; i < 2; i++) expect(await (await chat()).text()).toContain('spare')
    const calls = await gateway.recorded(2)
    expect(calls.map(({ attempts }) => attempts.map(({ target }) => target))).toEqual([['a', 'a', 'spare'], ['spare']])
  })

  it('are over their rate for one model only', async () => {
    const vendor = await stage.vendor((request, response) =>
      (request.body.toString().includes('big') ? failing(429) : answering('small one'))(request, response),
    )
    const deployments = ['big', 'small'].map((model) => ({ providerId: 'prov_a', model }))
    const { chat } = await stage.gateway(
      [providerAt('a', vendor, { apiKeys: keys('x') })],
      assistantAt([], { deployments }),
    )
    expect(await (await chat()).text()).toContain('small one')
  })
})

it('an only key is no pool: its refusal is the vendor’s answer, each time', async () => {
  const vendor = await stage.vendor(failing(401, { message: 'Incorrect key' }))
  const { gateway, chat } = await stage.gateway([providerAt('a', vendor)], assistantAt(['a']))
  for (let i = 0; i < 2; i++) expect((await chat()).status).toBe(401)
  expect(vendor.requests).toHaveLength(2)
  expect((await gateway.recorded(2))[0]?.attempts[0]).not.toHaveProperty('key')
})

describe('the strategy of a model', () => {
  type Mode = NonNullable<ModelSpec['strategy']>['mode']
  const inMode = (mode: Mode, deployments: Parameters<typeof assistantAt>[0]) =>
    assistantAt(deployments, { strategy: { mode } })
  const contentOf = async (response: Response) => {
    const { choices } = (await response.json()) as { choices: { message: { content: string } }[] }
    return choices[0]?.message.content
  }

  const alwaysDrawHeaviest = () => vi.spyOn(Math, 'random').mockReturnValue(0)

  it('least-busy avoids a deployment with a request under way, until that has ended', async () => {
    alwaysDrawHeaviest()
    const slow = await stage.waitingVendor()
    const quick = await stage.vendor(answering('quick'))
    const providers = [providerAt('slow', slow.server), providerAt('quick', quick)]
    const { chat } = await stage.gateway(
      providers,
      inMode('least-busy', [
        { provider: 'slow', weight: 1000 },
        { provider: 'quick', weight: 1 },
      ]),
    )
    const first = chat()
    await slow.reached(1)
    await slow.release(answering('slow'))
    expect(await contentOf(await first)).toBe('slow')
    const second = chat()
    await slow.reached(1)
    for (let i = 0; i < 10; i++) expect(await contentOf(await chat())).toBe('quick')
    await slow.release(answering('slow'))
    expect(await contentOf(await second)).toBe('slow')
    void chat().catch(() => {})
    await slow.reached(1)
  })

  it('least-busy knows that a request of a client that went away has ended', async () => {
    alwaysDrawHeaviest()
    const slow = await stage.waitingVendor()
    const { gateway, chat } = await stage.gateway(
      [providerAt('slow', slow.server), providerAt('quick', await stage.vendor(answering('quick')))],
      inMode('least-busy', [{ provider: 'slow', weight: 1000 }, 'quick']),
    )
    for (let i = 1; i <= 3; i++) {
      const abort = new AbortController()
      const gone = chat({}, { signal: abort.signal }).catch(() => {})
      await slow.reached(i)
      abort.abort()
      await gone
      await gateway.recorded(i)
    }
  })

  it.each([false, true])(
    'lowest-latency prefers the faster deployment once both are known (stream: %s)',
    async (stream) => {
      const late: Answer = (request, response) =>
        void setTimeout(() => (stream ? streaming(streamOf('slow')) : answering('slow'))(request, response), 40)
      const slow = await stage.vendor(late)
      const quick = await stage.vendor(stream ? streaming(streamOf('quick')) : answering('quick'))
      const providers = [providerAt('slow', slow), providerAt('quick', quick)]
      const { chat, publish } = await stage.gateway(providers, inMode('lowest-latency', ['slow', 'quick']))
      for (let i = 0; i < 2; i++) await (await chat({ stream })).text()
      publish()
      for (let i = 0; i < 30; i++) await (await chat({ stream })).text()
      expect(slow.requests.length).toBeGreaterThan(0)
      expect(quick.requests.length).toBeGreaterThan(slow.requests.length)
    },
  )

  it('cheapest takes the lowest price of input and falls back along the prices, unknown ones last', async () => {
    const failed = failing(503)
    const providers = await Promise.all(
      ['unknown', 'dear', 'cheap'].map(async (name) => providerAt(name, await stage.vendor(failed))),
    )
    const { gateway, chat } = await stage.gateway(
      providers,
      inMode('cheapest', [
        'unknown',
        { provider: 'dear', price: { input: 5, output: 1 } },
        { provider: 'cheap', price: { input: 1, output: 50 } },
      ]),
    )
    await (await chat()).text()
    expect((await gateway.recorded(1))[0]?.attempts.map(({ target }) => target)).toEqual(['cheap', 'dear', 'unknown'])
  })
})
