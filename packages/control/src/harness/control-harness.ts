import { createCipheriv, createDecipheriv, generateKeyPairSync, randomBytes, sign, verify } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type CatalogDescription,
  GatewayError,
  type JsonObject,
  type Logger,
  type SecretBox,
  type SnapshotSigner,
  type Store,
} from '@konnect/contract'
import { type ControlOptions, type ControlPlane, createControl } from '../control.ts'
import { answerSchemasOf, demandDescribed } from './described-answers.ts'

const settings = (properties: JsonObject, required: string[] = []): JsonObject => ({
  type: 'object',
  additionalProperties: false,
  properties,
  required,
})

/** Two made-up policies and two made-up vendors: the control plane knows leaves by description only. */
export const CATALOG: CatalogDescription = {
  policies: [
    {
      id: 'gate',
      title: 'Gate',
      description: 'Lets some in.',
      schema: settings(
        { limit: { type: 'integer', minimum: 1 }, token: { type: 'string', minLength: 8, 'x-secret': true } },
        ['limit'],
      ),
      phases: ['admit'],
      failure: 'none',
      isDefaultIdentity: false,
    },
    {
      id: 'stamp',
      title: 'Stamp',
      description: 'Leaves a mark.',
      schema: settings({ mark: { type: 'string' } }),
      phases: ['return'],
      failure: 'none',
      isDefaultIdentity: false,
    },
  ],
  vendors: [
    {
      id: 'acme-ai',
      title: 'Acme AI',
      description: 'Has an address of its own.',
      dialects: ['openai-chat'],
      defaultBaseUrl: 'https://ai.acme.test/v1',
      needsApiKey: true,
      schema: settings({ region: { type: 'string', enum: ['eu', 'us'] } }),
    },
    {
      id: 'local-ai',
      title: 'Local AI',
      description: 'Lives where the operator says.',
      dialects: ['openai-chat'],
      needsApiKey: false,
      schema: settings({}),
    },
  ],
}

/** AES-256-GCM with a key of its own. */
export function createTestBox(): SecretBox {
  const key = randomBytes(32)
  const prefix = 'sealed:v1:'
  return {
    seal(plain) {
      const iv = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', key, iv)
      const sealed = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()])
      return prefix + Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64')
    },
    open(text) {
      try {
        const bytes = Buffer.from(text.slice(prefix.length), 'base64')
        const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12))
        decipher.setAuthTag(bytes.subarray(12, 28))
        return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8')
      } catch (cause) {
        throw new GatewayError('secret_unreadable', { cause })
      }
    },
    isSealed: (text) => text.startsWith(prefix),
  }
}

/** Ed25519 with a key of its own. */
export function createTestSigner(): SnapshotSigner {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  return {
    sign: (payload) => sign(null, Buffer.from(payload), privateKey).toString('base64'),
    verify: (payload, signature) => verify(null, Buffer.from(payload), publicKey, Buffer.from(signature, 'base64')),
  }
}

/** A logger that keeps every line. */
export function createRecordingLogger(): Logger & { readonly lines: string[] } {
  const lines: string[] = []
  const record = (level: string) => (fields: object, message: string) => {
    const errors = Object.values(fields).flatMap((one) =>
      one instanceof Error ? [String(one.stack), String(one.cause)] : [],
    )
    lines.push([level, message, JSON.stringify(fields), ...errors].join(' '))
  }
  return { lines, debug: record('debug'), info: record('info'), warn: record('warn'), error: record('error') }
}

export const ADMIN = { email: 'admin@example.test', password: 'a long enough passphrase' }
export const API_TOKEN = 'kn_api_test_token_0123456789'
export const GATEWAY_TOKEN = 'kn_gw_test_token_0123456789'

/** A listening control plane over a real embedded database. */
export interface Harness {
  readonly control: ControlPlane
  readonly store: Store
  readonly url: string
  readonly logger: ReturnType<typeof createRecordingLogger>
  /** A request as the API token; `body` is sent as JSON. */
  request(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>
  /** A request with nothing added. */
  raw(path: string, init?: RequestInit): Promise<Answer>
  close(): Promise<void>
}

/** An answer, read whole. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  readonly body: any
}

/** Opens the real store; an argument, because only tests may know it. */
export type OpenStore = (options: { dataDir: string; logger: Logger }) => Promise<Store>

/** Opens a fresh embedded database in a folder of its own. */
export async function openTestStore(open: OpenStore): Promise<{ store: Store; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'konnect-control-'))
  const logger = createRecordingLogger()
  const store = await open({ dataDir: folder, logger })
  return {
    store,
    remove: async () => {
      await store.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Starts a control plane on a port of the system's choice. */
export async function startControl(from: OpenStore | Store, overrides: Partial<ControlOptions> = {}): Promise<Harness> {
  const opened = typeof from === 'function' ? await openTestStore(from) : { store: from, remove: async () => {} }
  const { store } = opened
  const logger = createRecordingLogger()
  const control = await createControl({
    store,
    catalog: CATALOG,
    catalogModels: () => [],
    checkConnection: async () => ({ outcome: 'ok', detail: 'Fine.', status: 200, latencyMs: 1, models: null }),
    secrets: createTestBox(),
    signer: createTestSigner(),
    gatewayToken: GATEWAY_TOKEN,
    mintPlaygroundToken: ({ tenantId, applicationId }) => `minted-${tenantId}-${applicationId}`,
    gatewayUrl: () => 'http://127.0.0.1:1',
    logger,
    bootstrap: { adminEmail: ADMIN.email, adminPassword: ADMIN.password, apiToken: API_TOKEN },
    ...overrides,
  })
  const url = `http://127.0.0.1:${await control.listen(0, '127.0.0.1')}`
  const schemas = answerSchemasOf((await answerOf(await fetch(`${url}/api/v1/openapi.json`))).body)
  const raw = async (path: string, init?: RequestInit) => {
    const answer = await answerOf(await fetch(url + path, init))
    const isOurs = answer.body !== undefined && !answer.headers.has('x-konnect-relayed')
    if (isOurs) demandDescribed(schemas, { method: init?.method ?? 'GET', url: path }, answer.status, answer.body)
    return answer
  }
  return {
    control,
    store,
    url,
    logger,
    raw,
    request: (method, path, body, headers = {}) =>
      raw(`/api/v1${path}`, {
        method,
        headers: {
          authorization: `Bearer ${API_TOKEN}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    close: async () => {
      await control.close()
      await opened.remove()
    },
  }
}

async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text()
  const isJson = /json/.test(response.headers.get('content-type') ?? '')
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: isJson && text ? JSON.parse(text) : undefined,
  }
}
