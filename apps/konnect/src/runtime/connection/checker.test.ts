import { createTranslator } from '@konnect/ai'
import type { CheckedConnection } from '@konnect/contract'
import { createTextFetcher } from '@konnect/http'
import { startHttpServer } from '@konnect/testkit'
import { vendors } from '@konnect/vendors'
import { afterEach, describe, expect, it } from 'vitest'
import { createConnectionChecker } from './checker.ts'

const KEY = 'sk-very-secret'
type Server = Awaited<ReturnType<typeof startHttpServer>>
type Handler = Parameters<typeof startHttpServer>[0]
const servers: Server[] = []
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()))
})

const checker = createConnectionChecker({
  vendors,
  translator: createTranslator(),
  fetchText: createTextFetcher({ allowPrivate: true }),
  now: () => 1_767_225_600_000,
})

const connectionTo = (baseUrl: string, more: Partial<CheckedConnection> = {}): CheckedConnection => ({
  vendor: 'openai',
  baseUrl,
  headers: {},
  settings: {},
  apiKey: KEY,
  model: undefined,
  ...more,
})

/** Checks a connection to a vendor that answers so. */
async function check(handler: Handler, more: Partial<CheckedConnection> = {}, path = '/v1') {
  const server = await startHttpServer(handler)
  servers.push(server)
  const report = await checker(connectionTo(server.url + path, more))
  expect(JSON.stringify(report)).not.toContain(KEY)
  return report
}

const answering =
  (status: number, body: unknown): Handler =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(typeof body === 'string' ? body : JSON.stringify(body))
  }

const LIST = { object: 'list', data: [{ id: 'm-1' }, { id: 'm-2' }] }
const CHAT = { id: 'c', object: 'chat.completion', created: 1, model: 'm', choices: [] }

describe('the check of a connection', () => {
  it('asks for the list of models with the key, and nothing else', async () => {
    const asked: string[] = []
    const report = await check((request, response) => {
      asked.push(`${request.method} ${request.target} ${request.headers.authorization}`)
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(JSON.stringify(LIST))
    })
    expect(asked).toEqual([`GET /v1/models Bearer ${KEY}`])
    expect(report).toMatchObject({ outcome: 'ok', status: 200, models: [{ id: 'm-1' }, { id: 'm-2' }] })
    expect(report.latencyMs).toBeGreaterThan(0)
  })

  it.each([
    [401, 'key_refused', /refused the key/],
    [403, 'key_refused', /no right/],
    [402, 'limited', /out of credit/],
    [429, 'limited', /over its rate/],
    [503, 'vendor_failed', /check again later/],
    [404, 'wrong_api', /base URL/],
    [302, 'wrong_api', /base URL/],
  ] as const)('says of status %i that it is %s', async (status, outcome, detail) => {
    const report = await check(answering(status, { error: { message: `Incorrect key ${KEY}` } }))
    expect(report).toMatchObject({ outcome, status, models: null })
    expect(report.detail).toMatch(detail)
  })

  it.each(['<html>Welcome</html>', '{"hello":"world"}'])('does not take %s for a list', async (body) => {
    expect(await check(answering(200, body))).toMatchObject({ outcome: 'wrong_api', models: null })
  })

  it('says in words that nobody answers at an address', async () => {
    const report = await checker(connectionTo('http://127.0.0.1:1/v1'))
    expect(report).toMatchObject({ outcome: 'unreachable', status: null, latencyMs: null })
    expect(report.detail).toMatch(/ECONNREFUSED|refused/i)
  })

  it('never reaches an address where clouds keep credentials', async () => {
    for (const host of ['169.254.169.254', '[fe80::1]', '[::ffff:169.254.169.254]']) {
      const report = await checker(connectionTo(`http://${host}/v1`))
      expect(report).toMatchObject({ outcome: 'unreachable', status: null })
      expect(report.detail).toMatch(/not allowed/)
    }
  })

  it('asks a model for one token where the list of models is missing', async () => {
    const bodies: unknown[] = []
    const report = await check(
      (request, response) => {
        const isChat = request.target === '/v1/chat/completions'
        if (isChat) bodies.push(JSON.parse(request.body.toString()))
        response.writeHead(isChat ? 200 : 404, { 'content-type': 'application/json' })
        response.end(JSON.stringify(isChat ? CHAT : {}))
      },
      { model: 'm-1' },
    )
    expect(report).toMatchObject({ outcome: 'ok', models: null })
    expect(bodies).toMatchObject([{ model: 'm-1', max_completion_tokens: 1 }])
  })

  it('does not call a key good that only a public list was asked with', async () => {
    const listed = await check(answering(200, LIST), { vendor: 'openrouter' })
    expect(listed).toMatchObject({ outcome: 'reached', models: [{}, {}] })
    const refused = await check(
      (request, response) => {
        response.writeHead(request.method === 'GET' ? 200 : 401, { 'content-type': 'application/json' })
        response.end(JSON.stringify(LIST))
      },
      { vendor: 'openrouter', model: 'm-1' },
    )
    expect(refused).toMatchObject({ outcome: 'key_refused', models: [{}, {}] })
  })

  it('speaks the format of each vendor', async () => {
    const report = await check(
      (request, response) => {
        const isRight = request.headers['x-api-key'] === KEY && request.target === '/v1/models?limit=1000'
        response.writeHead(isRight ? 200 : 400, { 'content-type': 'application/json' })
        response.end(JSON.stringify(LIST))
      },
      { vendor: 'anthropic' },
      '',
    )
    expect(report).toMatchObject({ outcome: 'ok' })
    const signed: string[] = []
    const bedrock = await check(
      (request, response) => {
        signed.push(request.headers.authorization ?? '')
        response.writeHead(403)
        response.end()
      },
      { vendor: 'amazon-bedrock', apiKey: 'AKIDEXAMPLE:secret', model: 'amazon.nova-lite-v1:0' },
      '',
    )
    expect(bedrock.outcome).toBe('key_refused')
    expect(signed[0]).toMatch(/^AWS4-HMAC-SHA256 /)
  })

  it('asks nothing where there is nothing to ask, and says what would help', async () => {
    const report = await checker(connectionTo('http://127.0.0.1:1', { vendor: 'voyage' }))
    expect(report).toMatchObject({ outcome: 'reached', status: null, latencyMs: null })
    expect(report.detail).toMatch(/Add a model/)
  })

  it('says which model a vendor does not know, and survives one that is no vendor at all', async () => {
    const report = await check(answering(404, {}), { model: 'ghost' })
    expect(report).toMatchObject({ outcome: 'model_refused', status: 404 })
    expect(report.detail).toContain('ghost')
    expect(await checker(connectionTo('http://127.0.0.1:1', { vendor: 'nobody' }))).toMatchObject({
      outcome: 'unreachable',
    })
  })
})
