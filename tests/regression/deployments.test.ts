import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findFreePort, startEchoUpstream, waitFor } from '@konnect/testkit'
import { Agent, request } from 'undici'
import { afterEach, describe, expect, it } from 'vitest'
import { LOCALHOST } from '../../packages/http/src/testing/localhost-certificate.ts'
import { createTestDatabase, findTestServer } from '../../packages/store/src/conformance/test-server.ts'
import { type Konnect, type KonnectOptions, PROGRAM, startKonnect } from '../harness.ts'

const KEY = 'kn_test_0123456789abcdef'
const MASTER_KEY = 'a master key that all of one installation share'
const REDIS_URL = process.env.KONNECT_TEST_REDIS_URL ?? 'redis://127.0.0.1:6379'

const server = await findTestServer()
const hasRedis = await isListening(new URL(REDIS_URL))
if (!hasRedis) console.warn(`SKIPPED: no Redis at ${REDIS_URL}`)

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

const configOf = (url: string, limit = 1_000_000): string => `
apis:
  - name: orders
    upstream: { targets: [{ url: "${url}" }] }
    routes: [{ paths: ["/orders"] }]
    policies: [{ use: key-auth }, { use: rate-limit, with: { limit: ${limit}, window: 60s, by: application } }]
applications:
  - name: mobile
    keys: [{ name: first, value: ${KEY} }]
    subscriptions: [{ api: orders }]
`

async function echo(): Promise<string> {
  const upstream = await startEchoUpstream()
  closing.push(() => upstream.close())
  return upstream.url
}

async function start(options: KonnectOptions): Promise<Konnect> {
  const konnect = await startKonnect({ ...options, env: { KONNECT_MASTER_KEY: MASTER_KEY, ...options.env } })
  closing.push(() => konnect.stop())
  return konnect
}

/** A gateway of its own that follows the control plane of `konnect`. */
async function startGateway(konnect: Konnect, flags: readonly string[] = []): Promise<string> {
  const data = await mkdtemp(join(tmpdir(), 'konnect-gateway-'))
  const port = await findFreePort()
  const ports = ['--gateway-port', `${port}`, '--control', konnect.consoleUrl, '--data', data]
  const child = spawn(process.execPath, [PROGRAM, 'gateway', ...ports, ...flags], {
    env: { ...process.env, KONNECT_MASTER_KEY: MASTER_KEY },
    stdio: 'ignore',
  })
  closing.push(async () => {
    const exited = once(child, 'exit')
    child.kill('SIGTERM')
    await exited
    await rm(data, { recursive: true, force: true })
  })
  const url = `http://127.0.0.1:${port}`
  const isServing = async () => (await fetch(`${url}/orders`)).status === 401
  await waitFor('the gateway', isServing, { timeoutMs: 30_000 })
  return url
}

const statusOf = async (url: string): Promise<number> => {
  const response = await fetch(`${url}/orders`, { headers: { 'x-api-key': KEY } })
  await response.arrayBuffer()
  return response.status
}

describe('an installation', () => {
  it.skipIf(server.absence !== undefined)(
    'on a PostgreSQL server keeps its configuration and calls without its data folder',
    async () => {
      const database = await createTestDatabase(server.url ?? '')
      closing.push(() => database.drop())
      const flags = ['--database-url', database.url]
      const first = await start({ config: configOf(await echo()), flags })
      expect(await statusOf(first.gatewayUrl)).toBe(200)
      await waitFor('the record', async () => (await first.client.calls.list()).items.length === 1)
      await first.stop()
      const second = await start({ flags })
      await second.servesLatest()
      expect(await statusOf(second.gatewayUrl)).toBe(200)
      expect(second.sampleKey).toBeUndefined()
      await waitFor('both records', async () => (await second.client.calls.list()).items.length === 2)
    },
  )

  it.skipIf(!hasRedis)('admits 100 of a limit of 100 over two gateways that share Redis', async () => {
    const flags = ['--redis-url', REDIS_URL]
    const konnect = await start({ config: configOf(await echo(), 100), flags })
    const other = await startGateway(konnect, flags)
    const agent = new Agent({ connections: 16 })
    const statuses = await Promise.all(
      Array.from({ length: 140 }, async (_, index) => {
        const url = index % 2 === 0 ? konnect.gatewayUrl : other
        const { statusCode, body } = await request(`${url}/orders`, {
          dispatcher: agent,
          headers: { 'x-api-key': KEY },
        })
        await body.dump()
        return statusCode
      }),
    )
    await agent.close()
    expect(statuses.filter((status) => status === 200)).toHaveLength(100)
    expect(statuses.filter((status) => status === 429)).toHaveLength(40)
  })

  it('has gateways elsewhere that follow it: a revoked key stops there too, and their calls arrive', async () => {
    const konnect = await start({ config: configOf(await echo()) })
    const other = await startGateway(konnect)
    expect(await statusOf(other)).toBe(200)
    await waitFor('the record', async () => (await konnect.client.calls.list()).items.length > 0)
    await konnect.client.resources('key', { parent: 'mobile' }).remove('first')
    await waitFor('the key to be refused', async () => (await statusOf(other)) === 401, { timeoutMs: 1_000 })
  })

  it('serves TLS beside plain HTTP when it has a certificate', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'konnect-tls-'))
    closing.push(() => rm(folder, { recursive: true, force: true }))
    const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')]
    await writeFile(cert, LOCALHOST.cert)
    await writeFile(key, LOCALHOST.key)
    const port = await findFreePort()
    const flags = ['--tls-port', `${port}`, '--tls-cert', cert, '--tls-key', key]
    const konnect = await start({ config: configOf(await echo()), flags })
    const dispatcher = new Agent({ connect: { ca: LOCALHOST.cert } })
    const { statusCode, body } = await request(`https://localhost:${port}/orders`, {
      dispatcher,
      headers: { 'x-api-key': KEY },
    })
    expect(await body.json()).toMatchObject({ headers: expect.objectContaining({ 'x-forwarded-proto': 'https' }) })
    expect(statusCode).toBe(200)
    await dispatcher.close()
    expect(await statusOf(konnect.gatewayUrl)).toBe(200)
  })
})

function isListening({ hostname, port }: URL): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(Number(port || 6379), hostname)
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
