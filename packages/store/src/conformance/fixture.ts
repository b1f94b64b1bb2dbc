import { randomUUID } from 'node:crypto'
import { type Call, DEFAULT_TENANT, GatewayError, type NewResource, type Store } from '@konnect/contract'
import type { PreparedDatabase } from '../migrations/prepare.ts'

/** A store under test, with the database beneath it for tests that go round the repositories. */
export interface Fixture {
  readonly store: Store
  readonly prepared: PreparedDatabase
}

/** An id that no other test uses. */
export const freshId = (prefix: string) => `${prefix}_${randomUUID()}`

/** A tenant of its own, so that tests sharing a database do not meet. */
export async function freshTenant({ store }: Fixture): Promise<string> {
  const id = freshId('ten')
  await store.asSystem((tx) => tx.forTenant(DEFAULT_TENANT).insert(newResource({ id, kind: 'tenant', name: id })))
  return id
}

/** A resource to insert; whatever is not given is made up. */
export function newResource(change: Partial<NewResource> = {}): NewResource {
  const name = change.name ?? freshId('name')
  return { id: freshId('res'), kind: 'api', parentId: null, name, spec: { name }, references: [], ...change }
}

/** Runs what must fail, and returns the error's code. */
export async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work
  } catch (error) {
    if (error instanceof GatewayError) return error.code
    throw error
  }
  return 'resolved'
}

/** A call to insert. */
export function newCall(tenantId: string, change: Partial<Call> = {}): Call {
  return {
    id: freshId('call'),
    tenantId,
    gateway: 'node-1/1',
    kind: 'http',
    startedAt: '2026-01-31T12:00:00.000Z',
    durationMs: 12.5,
    gatewayMs: 0.2,
    upstreamMs: 12,
    method: 'GET',
    host: 'api.example.com',
    path: '/orders',
    status: 200,
    errorCode: null,
    errorReason: null,
    apiId: 'api_orders',
    api: 'orders',
    routeId: null,
    route: null,
    applicationId: null,
    application: null,
    keyId: null,
    clientIp: '192.0.2.1',
    userAgent: null,
    requestBytes: 0,
    responseBytes: 10,
    attempts: [],
    stations: {},
    traceId: null,
    snapshotVersion: 1,
    ai: null,
    ...change,
  }
}

/** The AI half of a call to insert. */
export function newAiHalf(change: Partial<NonNullable<Call['ai']>> = {}): NonNullable<Call['ai']> {
  return {
    dialect: 'openai-chat',
    model: 'assistant',
    modelId: 'mdl_1',
    providerId: 'prv_1',
    provider: 'main',
    vendor: 'some-vendor',
    upstreamModel: 'm-1',
    isStream: false,
    usage: {
      inputTokens: 100,
      outputTokens: 20,
      cachedInputTokens: 0,
      cacheWriteTokens: 0,
      cacheWriteLongTokens: 0,
      reasoningTokens: 0,
    },
    costUsd: '0.1',
    priceSource: 'operator',
    finishReason: 'stop',
    firstTokenMs: 5,
    isTruncated: false,
    dropped: [],
    ...change,
  }
}
