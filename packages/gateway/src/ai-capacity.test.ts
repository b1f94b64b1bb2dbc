import { createHash } from 'node:crypto'
import {
  type Call,
  headerOf,
  type SnapshotApplication,
  type SnapshotDeployment,
  type SnapshotModel,
} from '@konnect/contract'
import { definePolicy, type Policy } from '@konnect/sdk'
import { createMemoryState } from '@konnect/state'
import { Type } from 'typebox'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { mobileWith, TEST_KEY, type TestGateway } from './harness.ts'
import { AiStage, answering, assistantAt, chunk, failing, providerAt, streaming, streamOf } from './harness-ai.ts'

let stage: AiStage
beforeEach(() => {
  stage = new AiStage()
})
afterEach(() => stage.close())

type Part = Partial<Pick<SnapshotDeployment, 'when' | 'capacity'>>
const at = (provider: string, part: Part = {}) => ({ provider, ...part })
const targetsOf = (call: Call | undefined) => call?.attempts.map(({ target }) => target)
const headersOf = (fields: Record<string, string>) => ({ headers: { 'x-api-key': TEST_KEY, ...fields } })
const queued = ({ gateway }: TestGateway, count: number) => vi.waitFor(() => expect(gateway.queued).toBe(count))
const messages = (content: string) => ({ messages: [{ role: 'user', content }] })
const TOOL = { type: 'function', function: { name: 'f', parameters: {} } }

/** Two vendors that answer with their names, and a model at both. */
async function gatewayWith(deployments: readonly ReturnType<typeof at>[], part: Partial<SnapshotModel> = {}) {
  const names = [...new Set(deployments.map(({ provider }) => provider))]
  const servers = await Promise.all(names.map((name) => stage.vendor(answering(name))))
  const providers = names.map((name, i) => providerAt(name, servers[i] as (typeof servers)[number]))
  return stage.gateway(providers, assistantAt(deployments, part))
}

/** Asks, and says who answered, or with which status. */
async function answererOf(response: Response): Promise<string | number> {
  if (!response.ok) return response.status
  const answer = (await response.json()) as { choices: { message: { content: string } }[] }
  return answer.choices[0]?.message.content ?? ''
}

describe('conditions', () => {
  it('send each request to a deployment that takes it', async () => {
    const { chat } = await gatewayWith(
      [
        at('large', { when: { minInputTokens: 1_000 } }),
        at('tools', { when: { tools: true } }),
        at('gold', { when: { headers: { 'X-Tier': 'gold' } } }),
        at('fast', { when: { names: ['assistant-fast'] } }),
        at('rest'),
      ],
      { aliases: ['assistant-fast'] },
    )
    const ask = async (body: object = {}, init?: RequestInit) => answererOf(await chat(body, init))
    expect(await ask()).toBe('rest')
    expect(await ask(messages('word '.repeat(1_000)))).toBe('large')
    expect(await ask({ tools: [TOOL] })).toBe('tools')
    expect(await ask({}, headersOf({ 'x-tier': 'gold' }))).toBe('gold')
    expect(await ask({ model: 'assistant-fast' })).toBe('fast')
  })

  it('hold for fallbacks as well', async () => {
    const down = await stage.vendor(failing(503))
    const other = await stage.vendor(answering('other'))
    const providers = [providerAt('down', down), providerAt('other', other)]
    const model = assistantAt([at('down'), at('other', { when: { stream: true } })])
    const { gateway, chat } = await stage.gateway(providers, model)
    expect((await chat()).status).toBe(503)
    expect(targetsOf((await gateway.recorded(1))[0])).toEqual(['down'])
    expect(other.requests).toHaveLength(0)
  })

  it('that exclude a request everywhere are named in an error of the dialect', async () => {
    const { gateway, chat } = await gatewayWith([
      at('a', { when: { maxInputTokens: 5 } }),
      at('b', { when: { tools: true } }),
    ])
    const response = await chat(messages('word '.repeat(100)))
    expect(response.status).toBe(400)
    const { error } = (await response.json()) as { error: { message: string; code: string } }
    expect(error.code).toBe('unsupported_feature')
    expect(error.message).toMatch(
      /requests of at most 5 input tokens, of which this one has about \d+; requests with tools\./,
    )
    const [call] = await gateway.recorded(1)
    expect(call).toMatchObject({ errorCode: 'unsupported_feature', attempts: [] })
    expect(call?.errorReason).toContain('b/b-model takes requests with tools')
  })

  it('know the application', async () => {
    const { chat } = await gatewayWith([
      at('theirs', { when: { applicationIds: ['app_other'] } }),
      at('ours', { when: { applicationIds: ['app_mobile'] } }),
    ])
    expect(await answererOf(await chat())).toBe('ours')
  })
})

describe('capacity', () => {
  it('at once: a full deployment is passed over, and gets requests again when one is over', async () => {
    const slow = await stage.waitingVendor()
    const other = await stage.vendor(answering('other'))
    const providers = [providerAt('slow', slow.server), providerAt('other', other)]
    const model = assistantAt([at('slow', { capacity: { concurrent: 1 } }), at('other')])
    const { chat } = await stage.gateway(providers, model)
    const first = chat()
    await slow.reached(1)
    expect(await answererOf(await chat())).toBe('other')
    await slow.release(answering('slow'))
    expect(await answererOf(await first)).toBe('slow')
    const third = chat()
    await slow.reached(1)
    await slow.release(answering('slow'))
    expect(await answererOf(await third)).toBe('slow')
  })

  it.each(['fallback', 'weighted', 'least-busy', 'lowest-latency', 'cheapest', 'usage-paced'] as const)(
    'per minute is kept in the mode %s',
    async (mode) => {
      const capacity = { requestsPerMinute: 2 }
      const { gateway, chat } = await gatewayWith([at('a', { capacity }), at('b', { capacity })], {
        strategy: { mode },
      })
      const answers = []
      for (let i = 0; i < 5; i++) answers.push(await answererOf(await chat()))
      expect(answers.filter((name) => name === 'a')).toHaveLength(2)
      expect(answers.filter((name) => name === 'b')).toHaveLength(2)
      expect(answers[4]).toBe(429)
      expect((await gateway.recorded(5))[4]).toMatchObject({ errorCode: 'rate_limited', attempts: [] })
    },
  )

  it('that is used up everywhere answers with the time after which it is worth another try', async () => {
    const { chat } = await gatewayWith([at('a', { capacity: { requestsPerMinute: 1 } })])
    await (await chat()).text()
    const response = await chat()
    expect(response.status).toBe(429)
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(50)
    expect(Number(response.headers.get('retry-after'))).toBeLessThanOrEqual(61)
    expect(await response.json()).toMatchObject({ error: { code: 'rate_limit_exceeded' } })
  })

  it('in tokens counts what vendors report, of whole answers and of streams', async () => {
    const usage = { prompt_tokens: 10, completion_tokens: 90, total_tokens: 100 }
    const whole = await stage.vendor((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      const choices = [{ index: 0, message: { role: 'assistant', content: 'Hi' }, finish_reason: 'stop' }]
      response.end(JSON.stringify({ id: 'c', object: 'chat.completion', created: 1, model: 'm', choices, usage }))
    })
    const last = `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [], usage })}\n\n`
    const streamed = await stage.vendor(
      streaming([chunk({ content: 'Hi' }), chunk({}, 'stop'), last, 'data: [DONE]\n\n']),
    )
    for (const server of [whole, streamed]) {
      const model = assistantAt([at('a', { capacity: { tokensPerMinute: 200 } })])
      const { chat } = await stage.gateway([providerAt('a', server)], model)
      const stream = server === streamed
      const statuses = []
      for (let i = 0; i < 3; i++) {
        const response = await chat({ stream })
        await response.text()
        statuses.push(response.status)
      }
      expect(statuses).toEqual([200, 200, 429])
    }
  })

  it('in tokens is not used by requests that a vendor refuses', async () => {
    const vendor = await stage.vendor(failing(400))
    const model = assistantAt([at('a', { capacity: { tokensPerMinute: 100 } })])
    const { chat } = await stage.gateway([providerAt('a', vendor)], model)
    for (let i = 0; i < 3; i++) expect((await chat(messages('word '.repeat(70)))).status).toBe(400)
  })

  it('is given back when a client goes away in the middle of a stream', async () => {
    const vendor = await stage.waitingVendor()
    const model = assistantAt([at('a', { capacity: { concurrent: 1 } })], { strategy: { mode: 'fallback' } })
    const { gateway, chat } = await stage.gateway([providerAt('a', vendor.server)], model)
    const abort = new AbortController()
    const gone = chat({ stream: true }, { ...headersOf({}), signal: abort.signal }).catch((error: Error) => error.name)
    await vendor.reached(1)
    expect((await chat()).status).toBe(429)
    abort.abort()
    expect(await gone).toBe('AbortError')
    await gateway.recorded(2)
    const next = chat({ stream: true })
    await vendor.reached(2)
    await vendor.release(streaming(streamOf('Hello')))
    expect(await (await next).text()).toContain('Hello')
  })

  it('is kept over a publish, under new limits', async () => {
    const { gateway, chat, publish } = await gatewayWith([at('a', { capacity: { requestsPerMinute: 1 } })])
    await (await chat()).text()
    publish()
    expect((await chat()).status).toBe(429)
    expect(gateway.gateway.version).toBe(2)
  })

  it('is shared by gateways over one state', async () => {
    const state = createMemoryState()
    const vendor = await stage.waitingVendor()
    const model = assistantAt([at('a', { capacity: { concurrent: 2 } })])
    const one = await stage.gateway([providerAt('a', vendor.server)], model, { state })
    const two = await stage.gateway([providerAt('a', vendor.server)], model, { state })
    const under = [one.chat(), two.chat()]
    await vendor.reached(2)
    expect((await one.chat()).status).toBe(429)
    expect((await two.chat()).status).toBe(429)
    await vendor.release(answering('done'))
    for (const response of under) expect(await answererOf(await response)).toBe('done')
  })
})

describe('usage-paced', () => {
  it('shares requests by the used part of each capacity', async () => {
    const { chat } = await gatewayWith(
      [at('small', { capacity: { requestsPerMinute: 10 } }), at('large', { capacity: { requestsPerMinute: 40 } })],
      { strategy: { mode: 'usage-paced' } },
    )
    const answers = []
    for (let i = 0; i < 25; i++) answers.push(await answererOf(await chat()))
    expect(answers.filter((name) => name === 'small')).toHaveLength(5)
    expect(answers.filter((name) => name === 'large')).toHaveLength(20)
  })

  it('goes by tokens as they are reported', async () => {
    const { chat } = await gatewayWith(
      [at('small', { capacity: { tokensPerMinute: 110 } }), at('large', { capacity: { tokensPerMinute: 330 } })],
      { strategy: { mode: 'usage-paced' } },
    )
    const answers = []
    for (let i = 0; i < 16; i++) answers.push(await answererOf(await chat()))
    expect(answers.filter((name) => name === 'small')).toHaveLength(4)
  })
})

describe('a queue', () => {
  const waiting = (queue: object = {}): Partial<SnapshotModel> => ({ strategy: { mode: 'fallback', queue } })
  const one = { capacity: { concurrent: 1 } }

  /** A gateway before one slow deployment with room for one, which is taken. */
  async function fullStage(part: Partial<SnapshotModel> = waiting(), applications?: readonly SnapshotApplication[]) {
    const vendor = await stage.waitingVendor()
    const options = applications === undefined ? {} : { applications }
    const built = await stage.gateway([providerAt('a', vendor.server)], assistantAt([at('a', one)], part), options)
    const first = built.chat()
    await vendor.reached(1)
    return { ...built, vendor, first }
  }

  it('holds a request until there is room, and the Call says how long', async () => {
    const { gateway, chat, vendor, first } = await fullStage()
    const second = chat()
    await queued(gateway, 1)
    await vendor.release(answering('first'))
    expect(await answererOf(await first)).toBe('first')
    await vendor.reached(1)
    await vendor.release(answering('second'))
    expect(await answererOf(await second)).toBe('second')
    const [early, late] = await gateway.recorded(2)
    expect(early?.ai).not.toHaveProperty('queuedMs')
    expect(late?.ai?.queuedMs).toBeGreaterThan(0)
    expect(late?.attempts).toHaveLength(1)
  })

  it('gives up after its timeout with the status of a rate limit', async () => {
    const { gateway, chat, vendor, first } = await fullStage(waiting({ timeout: '30ms' }))
    const response = await chat()
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '1'])
    expect(await response.json()).toMatchObject({ error: { code: 'rate_limit_exceeded' } })
    const [call] = await gateway.recorded(1)
    expect(call?.ai?.queuedMs).toBeGreaterThanOrEqual(25)
    expect(call?.errorReason).toContain('it waited for 30 ms')
    await vendor.release(answering('first'))
    expect(await answererOf(await first)).toBe('first')
  })

  it('turns away whom it has no place for', async () => {
    const { gateway, chat, vendor, first } = await fullStage(waiting({ length: 1 }))
    const second = chat()
    await queued(gateway, 1)
    expect((await chat()).status).toBe(429)
    expect((await gateway.recorded(1))[0]?.errorReason).toContain('1 requests wait already')
    await vendor.release(answering('first'))
    await first
    await vendor.reached(1)
    await vendor.release(answering('second'))
    expect(await answererOf(await second)).toBe('second')
  })

  it('lets go of a client that goes away', async () => {
    const { gateway, chat, vendor, first } = await fullStage(waiting({ length: 1 }))
    const abort = new AbortController()
    const gone = chat({}, { ...headersOf({}), signal: abort.signal }).catch((error: Error) => error.name)
    await queued(gateway, 1)
    abort.abort()
    expect(await gone).toBe('AbortError')
    expect((await gateway.recorded(1))[0]).toMatchObject({ status: 499, attempts: [] })
    const next = chat()
    await queued(gateway, 1)
    await vendor.release(answering('first'))
    await first
    await vendor.reached(1)
    await vendor.release(answering('next'))
    expect(await answererOf(await next)).toBe('next')
    expect(vendor.server.requests).toHaveLength(2)
  })

  it('waits for another deployment when the first one fails', async () => {
    const down = await stage.vendor(failing(503))
    const slow = await stage.waitingVendor()
    const providers = [providerAt('slow', slow.server), providerAt('down', down)]
    const model = assistantAt([at('slow', one), at('down')], waiting())
    const { gateway, chat } = await stage.gateway(providers, model)
    const first = chat()
    await slow.reached(1)
    const second = chat()
    await queued(gateway, 1)
    await slow.release(answering('first'))
    await first
    await slow.reached(1)
    await slow.release(answering('second'))
    expect(await answererOf(await second)).toBe('second')
    expect(targetsOf((await gateway.recorded(2))[1])).toEqual(['down', 'slow'])
  })

  it('lets applications of a higher priority in first', async () => {
    const keys = ['high', 'low', 'normal'] as const
    const applications = keys.map(
      (priority): SnapshotApplication => ({
        ...mobileWith({}),
        id: `app_${priority}`,
        name: priority,
        keys: [{ id: `key_${priority}`, hash: createHash('sha256').update(`key-of-${priority}`).digest('hex') }],
        priority,
      }),
    )
    const { gateway, chat, vendor, first } = await fullStage(waiting(), [mobileWith({}), ...applications])
    const answers: Promise<string | number>[] = []
    for (const [before, priority] of ['low', 'normal', 'high'].entries()) {
      answers.push(chat({}, headersOf({ 'x-api-key': `key-of-${priority}` })).then(answererOf))
      await queued(gateway, before + 1)
    }
    await vendor.release(answering('first'))
    await first
    for (const turn of ['1', '2', '3']) {
      await vendor.reached(1)
      await vendor.release(answering(turn))
    }
    expect(await Promise.all(answers)).toEqual(['3', '2', '1'])
    await first
  })

  it('counts the wait towards the deadline of the request', async () => {
    const hasty = definePolicy({
      id: 'hasty',
      title: 'Hasty',
      description: 'For a test.',
      settings: Type.Object({}),
      phases: ['admit'],
      failure: 'none',
      compile: () => ({
        admit(exchange) {
          if (headerOf(exchange.request.headers, 'x-hasty') !== undefined) exchange.limitDuration(50)
        },
      }),
    }) as Policy
    const vendor = await stage.waitingVendor()
    const model = assistantAt([at('a', one)], { ...waiting(), policies: [{ use: 'hasty', with: {} }] })
    const { gateway, chat } = await stage.gateway([providerAt('a', vendor.server)], model, { policies: [hasty] })
    const first = chat()
    await vendor.reached(1)
    expect((await chat({}, headersOf({ 'x-hasty': 'yes' }))).status).toBe(504)
    const [call] = await gateway.recorded(1)
    expect(call).toMatchObject({ errorCode: 'upstream_timeout', attempts: [] })
    expect(call?.ai?.queuedMs).toBeGreaterThan(0)
    await vendor.release(answering('first'))
    expect(await answererOf(await first)).toBe('first')
    expect(gateway.gateway.queued).toBe(0)
  })

  it('goes on through a publish', async () => {
    const { gateway, chat, publish, vendor, first } = await fullStage()
    const second = chat()
    await queued(gateway, 1)
    publish()
    await vendor.release(answering('first'))
    await first
    await vendor.reached(1)
    await vendor.release(answering('second'))
    expect(await answererOf(await second)).toBe('second')
  })
})
