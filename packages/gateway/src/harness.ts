import type { AiTranslator } from '@konnect/ai'
import {
  type Call,
  GatewayError,
  type Logger,
  type Snapshot,
  type SnapshotApi,
  type StateStore,
  silentLogger,
} from '@konnect/contract'
import { createListener, createTextFetcher, createUpstreamPool } from '@konnect/http'
import { definePolicy, type Policy, type Vendor } from '@konnect/sdk'
import { createMemoryState } from '@konnect/state'
import { Type } from 'typebox'
import { createGateway, type Gateway } from './gateway.ts'

const KEY_FIELDS = new Set(['x-api-key', 'x-goog-api-key'])

/** Recognises a key in `x-api-key` or `x-goog-api-key`, as the default identity of test catalogs. */
export const keyPolicy = definePolicy({
  id: 'test-key',
  title: 'Key',
  description: 'Reads x-api-key or x-goog-api-key.',
  settings: Type.Object({}),
  phases: ['identify'],
  failure: 'none',
  isDefaultIdentity: true,
  compile: (_settings, { directory }) => ({
    identify(exchange) {
      const at = exchange.request.headers.findIndex((text, i) => i % 2 === 0 && KEY_FIELDS.has(text))
      if (at === -1) return
      exchange.principal = directory.findKey(exchange.request.headers[at + 1] ?? '')
      if (exchange.principal === undefined) throw new GatewayError('credential_invalid')
    },
  }),
})

/** A translator for tests that need no AI. */
export const noTranslator: AiTranslator = {
  endpoints: [],
  dialectAt: unused,
  canTranslate: unused,
  modelLists: [],
  readFacts: unused,
  translate: unused,
  sessionSetup: unused,
  watchSession: unused,
  readRefusal: unused,
  renderError: unused,
  renderModels: unused,
  renderModel: unused,
}

function unused(): never {
  throw new Error('This test has no AI side')
}

/** SHA-256 of `secret-key-0000001`, the key of the application `mobile`. */
const KEY_HASH = '59087a11a3b299865e89c430180e7e004b5001f7ceb5d5b479e1c5f2b304b02e'

export const TEST_KEY = 'secret-key-0000001'

export interface TestGatewayOptions {
  readonly policies?: readonly Policy[]
  readonly vendors?: readonly Vendor[]
  readonly translator?: AiTranslator
  readonly state?: StateStore
  readonly trustedProxies?: readonly string[]
  readonly logger?: Logger
  /** Where Calls are kept. */
  readonly region?: string
  /** Unix time in milliseconds. */
  readonly now?: () => number
}

export interface TestGateway {
  readonly url: string
  readonly port: number
  readonly gateway: Gateway
  readonly calls: Call[]
  /** Resolves once `count` Calls were recorded. */
  recorded(count: number): Promise<readonly Call[]>
  publish(part: Partial<Snapshot>): void
  close(): Promise<void>
}

/** A gateway behind a real listener on loopback. */
export async function startTestGateway(options: TestGatewayOptions = {}): Promise<TestGateway> {
  const calls: Call[] = []
  const waiting = new Set<() => void>()
  const gateway = createGateway({
    catalog: { policies: [keyPolicy as Policy, ...(options.policies ?? [])], vendors: options.vendors ?? [] },
    translator: options.translator ?? noTranslator,
    state: options.state ?? createMemoryState(),
    fetchJson: () => Promise.reject(new Error('no fetching here')),
    fetchText: createTextFetcher({ allowPrivate: true }),
    secrets: { seal: (text) => text, open: (text) => text, isSealed: () => false },
    signer: { verify: (_payload, signature) => signature === 'good' },
    calls: {
      record(call) {
        calls.push(call)
        for (const check of waiting) check()
      },
    },
    logger: options.logger ?? silentLogger,
    node: 'test/1',
    pinningKey: Buffer.alloc(32, 1),
    createPool: (origin) => createUpstreamPool({ origin }),
    ...(options.region === undefined ? {} : { region: options.region }),
    ...(options.now === undefined ? {} : { now: options.now }),
    ...(options.trustedProxies === undefined ? {} : { trustedProxies: options.trustedProxies }),
  })
  const listener = createListener({ handler: gateway.handle })
  const port = await listener.listen(0, '127.0.0.1')
  let version = 0
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    gateway,
    calls,
    recorded: (count) =>
      new Promise((resolve) => {
        const check = () => {
          if (calls.length < count) return
          waiting.delete(check)
          resolve(calls)
        }
        waiting.add(check)
        check()
      }),
    publish(part) {
      version++
      gateway.apply({ version, payload: JSON.stringify(snapshotOf(part, version)), signature: 'good' })
    },
    async close() {
      await listener.close(0)
      gateway.close()
    },
  }
}

/** A whole Snapshot around the parts that matter to a test. */
export function snapshotOf(part: Partial<Snapshot>, version = 1): Snapshot {
  return {
    format: 1,
    version,
    publishedAt: '2027-01-01T00:00:00.000Z',
    policies: [],
    tenants: [{ id: 'default', name: 'default', policies: [] }],
    apis: [],
    providers: [],
    models: [],
    applications: [],
    ...part,
  }
}

/** An API named `name` at `/name` in front of `urls`, open to everyone unless `part` says otherwise. */
export function apiOf(name: string, urls: readonly string[], part: Partial<SnapshotApi> = {}): SnapshotApi {
  return {
    id: `api_${name}`,
    tenantId: 'default',
    name,
    state: 'published',
    access: 'public',
    upstream: { id: `up_${name}`, targets: urls.map((url) => ({ url })), ...part.upstream },
    routes: [{ id: `rt_${name}`, name: 'route-1', paths: [`/${name}`], policies: [] }],
    policies: [],
    ...part,
  }
}

/** The application `mobile` with {@link TEST_KEY} and these subscriptions. */
export function mobileWith(grants: { apiIds?: string[]; modelIds?: string[] }): Snapshot['applications'][number] {
  return {
    id: 'app_mobile',
    tenantId: 'default',
    name: 'mobile',
    keys: [{ id: 'key_1', hash: KEY_HASH }],
    subscriptions: [{ id: 'sub_1', apiIds: grants.apiIds ?? [], modelIds: grants.modelIds ?? [], policies: [] }],
    policies: [],
  }
}
