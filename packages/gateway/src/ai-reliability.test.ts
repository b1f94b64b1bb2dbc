import type { Call, ModelSpec, SnapshotProvider } from '@konnect/contract'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { snapshotOf } from './harness.ts'
import {
  AiStage,
  type Answer,
  answering,
  assistantAt,
  chunk,
  failing,
  providerAt,
  streaming,
  streamOf,
  type VendorServer,
} from './harness-ai.ts'

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

  it('start anew after a success, and after a publish that leaves them out', async () => {
    const answers: Record<string, Answer> = { x: failing(429) }
    const vendor = await stage.vendor(byKey(answers))
    const provider = providerAt('a', vendor, { apiKeys: keys('x') })
    const { gateway, chat, publish } = await stage.gateway([provider], assistantAt(['a']))
    const statusAfter = async (ms: number) => {
      stage.nowMs += ms
      return (await chat()).status
    }
    expect([await statusAfter(0), vendor.requests.length]).toEqual([429, 1])
    answers.x = answering('well')
    expect(await statusAfter(1200)).toBe(200)
    answers.x = failing(429)
    expect([await statusAfter(0), await statusAfter(1200), vendor.requests.length]).toEqual([429, 429, 4])
    gateway.gateway.apply({ version: 8, payload: JSON.stringify(snapshotOf({}, 8)), signature: 'good' })
    publish()
    await statusAfter(0)
    expect(vendor.requests).toHaveLength(5)
  })

  it('take over from one whose 429 breaks off before its body could say how long to wait', async () => {
    const broken: Answer = (_request, response) => {
      response.writeHead(429, { 'content-type': 'application/json', 'content-length': '100' })
      response.write('{"error":')
      setImmediate(() => response.destroy())
    }
    const vendor = await stage.vendor(byKey({ busy: broken }))
    const { gateway, chat } = await stage.gateway(
      [providerAt('a', vendor, { apiKeys: keys('busy', 'good') })],
      assistantAt(['a']),
    )
    for (let i = 0; i < 30; i++) expect(await (await chat()).text()).toContain('from good')
    expect(usedKeys(vendor).filter((name) => name === 'busy')).toHaveLength(1)
    expect((await gateway.recorded(30)).map(({ status }) => status)).not.toContain(502)
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
    expect(slow.server.requests).toHaveLength(3)
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

type Strategy = Partial<NonNullable<ModelSpec['strategy']>>

/** A model at a first vendor that answers so, and at a second one that answers `spare`. */
async function withSpare(answer: Answer, strategy: Strategy = {}, deployment: object = {}) {
  const first = await stage.vendor(answer)
  const spare = await stage.vendor((request, response) =>
    (JSON.parse(request.body.toString()).stream ? streaming(streamOf('spare')) : answering('spare'))(request, response),
  )
  const model = assistantAt([{ provider: 'first', ...deployment }, 'spare'], {
    strategy: { mode: 'fallback', ...strategy },
  })
  return { first, spare, ...(await stage.gateway([providerAt('first', first), providerAt('spare', spare)], model)) }
}

describe('a context that is too long for a deployment', () => {
  const tooLong = failing(400, { message: 'Too long', type: 'invalid_request_error', code: 'context_length_exceeded' })

  it.each([false, true])(
    'is sent to the next one, and does the health of the first no harm (stream: %s)',
    async (stream) => {
      const { first, gateway, chat } = await withSpare(tooLong)
      for (let i = 0; i < 5; i++) expect(await (await chat({ stream })).text()).toContain('spare')
      expect(first.requests).toHaveLength(5)
      expect((await gateway.recorded(1))[0]?.attempts[0]).toMatchObject({ status: 400, reason: 'context_overflow' })
    },
  )

  it('is the client’s affair where the model says so, and at the last deployment', async () => {
    const strict = await withSpare(tooLong, { onContextOverflow: false })
    expect((await strict.chat()).status).toBe(400)
    const only = await stage.gateway([providerAt('a', await stage.vendor(tooLong))], assistantAt(['a']))
    const response = await only.chat()
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ error: { code: 'context_length_exceeded' } })
  })

  it('is not seen in any other 400', async () => {
    const { spare, chat } = await withSpare(failing(400, { message: 'Unknown parameter', code: 'unknown_parameter' }))
    expect(await (await chat()).json()).toMatchObject({ error: { message: 'Unknown parameter' } })
    expect(spare.requests).toHaveLength(0)
  })
})

describe('a content filter that refuses before any content', () => {
  const filtered: readonly (readonly [string, boolean, Answer])[] = [
    ['a whole answer', false, answering(null, 'content_filter')],
    ['a stream', true, streaming([chunk({ role: 'assistant' }), chunk({}, 'content_filter'), 'data: [DONE]\n\n'])],
    ['an error', false, failing(400, { message: 'Filtered', code: 'content_filter' })],
  ]

  it.each(filtered)('lets the next deployment answer where the model says so: %s', async (_title, stream, answer) => {
    const { gateway, chat } = await withSpare(answer, { onContentFilter: true })
    const text = await (await chat({ stream })).text()
    expect(text).toContain('spare')
    expect(text).not.toContain('content_filter')
    const [call] = await gateway.recorded(1)
    expect(call?.attempts.map(({ error, reason }) => [error, reason])).toEqual([
      ['upstream_error', 'content_filter'],
      [null, undefined],
    ])
    expect(call?.ai).toMatchObject({ provider: 'spare', finishReason: 'stop' })
  })

  it.each(filtered)('is the answer otherwise: %s', async (_title, stream, answer) => {
    const { spare, chat } = await withSpare(answer)
    expect(await (await chat({ stream })).text()).toContain('content_filter')
    expect(spare.requests).toHaveLength(0)
    const only = await stage.gateway(
      [providerAt('a', await stage.vendor(answer))],
      assistantAt(['a'], { strategy: { mode: 'fallback', onContentFilter: true } }),
    )
    expect(await (await only.chat({ stream })).text()).toContain('content_filter')
  })

  it('is noticed before its stream ends', async () => {
    const open: Answer = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write(chunk({ role: 'assistant' }) + chunk({}, 'content_filter'))
    }
    const { first, chat } = await withSpare(open, { onContentFilter: true })
    expect(await (await chat({ stream: true })).text()).toContain('spare')
    await first.requests[0]?.aborted
  })

  it('is no reason to ask another once content has come', async () => {
    const late = [chunk({ role: 'assistant', content: 'Half' }), chunk({}, 'content_filter'), 'data: [DONE]\n\n']
    const { spare, chat } = await withSpare(streaming(late), { onContentFilter: true })
    expect(await (await chat({ stream: true })).text()).toContain('Half')
    expect(spare.requests).toHaveLength(0)
  })
})

describe('the time limits of a deployment', () => {
  /** Streams these events and then keeps silent. */
  const stalling =
    (events: readonly string[]): Answer =>
    (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      for (const event of events) response.write(event)
    }
  const silent: Answer = () => {}
  const [opening = '', content = ''] = streamOf('Half')

  it.each([
    ['nothing', silent],
    ['no content', stalling([opening])],
  ])('give up a stream that sends %s until its first token is due', async (_what, answer) => {
    const { first, gateway, chat } = await withSpare(answer, {}, { firstTokenTimeout: '30ms' })
    const text = await (await chat({ stream: true })).text()
    expect(text).toContain('spare')
    expect(text.match(/"role"/g)).toHaveLength(1)
    await first.requests[0]?.aborted
    const attempts = (await gateway.recorded(1))[0]?.attempts
    expect(attempts?.map(({ target, error }) => [target, error])).toEqual([
      ['first', 'upstream_timeout'],
      ['spare', null],
    ])
    expect(attempts?.[0]?.reason).toContain('30 ms')
  })

  it('end a stream without content with an error where no other deployment is left', async () => {
    const vendor = await stage.vendor(stalling([opening]))
    const deployment = { provider: 'a', firstTokenTimeout: '30ms' }
    const { gateway, chat } = await stage.gateway([providerAt('a', vendor)], assistantAt([deployment]))
    const text = await (await chat({ stream: true })).text()
    expect(text).toContain('"error"')
    expect(text).not.toContain('[DONE]')
    await vendor.requests[0]?.aborted
    expect((await gateway.recorded(1))[0]).toMatchObject({ errorCode: 'upstream_timeout' })
  })

  it('for the first token end with the first token, and mean nothing to whole answers', async () => {
    const late: Answer = (request, response) =>
      void setTimeout(() => {
        if (response.headersSent) response.end(streamOf('').slice(2).join(''))
        else answering('late')(request, response)
      }, 400)
    const limits = { firstTokenTimeout: '250ms' }
    const whole = await withSpare(late, {}, limits)
    expect(await (await whole.chat()).text()).toContain('late')
    const stream = await withSpare(
      (request, response) => {
        stalling([opening, content])(request, response)
        return late(request, response)
      },
      {},
      limits,
    )
    expect(await (await stream.chat({ stream: true })).text()).toContain('[DONE]')
    expect([whole.spare.requests.length, stream.spare.requests.length]).toEqual([0, 0])
  })

  it('give up an answer that is not complete when the total is over, for another as long as nothing went out', async () => {
    const { first, gateway, chat } = await withSpare(silent, {}, { totalTimeout: '30ms' })
    expect(await (await chat()).text()).toContain('spare')
    await first.requests[0]?.aborted
    expect((await gateway.recorded(1))[0]?.attempts[0]).toMatchObject({ error: 'upstream_timeout' })
    const stream = await withSpare(stalling([opening, content]), {}, { totalTimeout: '30ms' })
    const text = await (await stream.chat({ stream: true })).text()
    expect(text).toContain('Half')
    expect(text).toContain('"error"')
    expect(stream.spare.requests).toHaveLength(0)
    const [call] = await stream.gateway.recorded(1)
    expect(call).toMatchObject({ errorCode: 'upstream_timeout', ai: { isTruncated: true } })
  })

  it('answer 504 when no other deployment is left', async () => {
    const vendor = await stage.vendor(silent)
    const { chat } = await stage.gateway(
      [providerAt('a', vendor)],
      assistantAt([{ provider: 'a', totalTimeout: '30ms' }]),
    )
    expect((await chat()).status).toBe(504)
  })
})
