import { type Call, type CallFilter, GatewayError, type Logger, type Store } from '@konnect/contract'
import { Type } from 'typebox'
import { TenantQuery, tenantIdOf } from '../resources/tenants.ts'
import type { App } from '../server/app.ts'
import { answers, pageOf, ref } from '../server/openapi.ts'
import { Batch, validateBatch } from './batch.ts'

/** Largest batch of calls in bytes. */
const BATCH_LIMIT = 5 * 1024 * 1024

const Text = Type.Optional(Type.String({ maxLength: 512 }))
const Instant = (options: Record<string, unknown> = {}) => Type.String({ format: 'date-time', ...options })
const Filter = {
  ...TenantQuery,
  from: Type.Optional(Instant({ description: 'Inclusive.' })),
  to: Type.Optional(Instant({ description: 'Exclusive.' })),
  kind: Type.Optional(Type.Unsafe<Call['kind']>({ type: 'string', enum: ['http', 'websocket', 'ai'] })),
  apiId: Text,
  applicationId: Text,
  model: Text,
  version: Text,
  isShadow: Type.Optional(
    Type.Boolean({ description: 'true: calls that were made for comparison. Default: those that clients made.' }),
  ),
  provider: Text,
  status: Type.Optional(Type.Integer({ minimum: 100, maximum: 599 })),
  statusClass: Type.Optional(Type.Integer({ minimum: 1, maximum: 5, description: 'First digit of the status.' })),
  errorCode: Text,
  method: Text,
  text: Type.Optional(
    Type.String({ maxLength: 512, description: 'Part of the path, the id, or the application name.' }),
  ),
  minDurationMs: Type.Optional(Type.Number({ minimum: 0 })),
}
const ListQuery = Type.Object(
  {
    ...Filter,
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, description: 'Default 50.' })),
    cursor: Type.Optional(Type.String({ maxLength: 2048 })),
  },
  { additionalProperties: false },
)
const StatsQuery = Type.Object(
  {
    ...Filter,
    from: Instant(),
    to: Instant(),
    buckets: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, description: 'Default 60.' })),
  },
  { additionalProperties: false },
)
const ReadQuery = Type.Object(TenantQuery, { additionalProperties: false })

/** What the routes of calls work with. */
export interface CallRoutesOptions {
  readonly store: Store
  readonly logger: Logger
  /** Told of each batch that held something new. */
  readonly onCalls?: ((calls: readonly Call[]) => void) | undefined
}

/** Routes that search the ledger, and the one through which gateways fill it. */
export function callRoutes(app: App, options: CallRoutesOptions): void {
  readRoutes(app, options.store)
  ingestRoute(app, options)
}

function readRoutes(app: App, store: Store): void {
  const tags = ['calls']
  app.get(
    '/calls',
    {
      schema: {
        tags,
        summary: 'Search calls, newest first',
        querystring: ListQuery,
        response: answers(200, 'A page.', pageOf(ref('Call'))),
      },
    },
    async (request) => {
      const { tenant, limit, cursor, ...filter } = request.query
      const page = { ...(limit === undefined ? {} : { limit }), ...(cursor === undefined ? {} : { cursor }) }
      return store.asTenant(await tenantIdOf(store, tenant), (tx) => tx.calls.search(instants(filter), page))
    },
  )
  app.get(
    '/calls/stats',
    {
      schema: {
        tags,
        summary: 'Figures over calls',
        querystring: StatsQuery,
        response: answers(200, 'Totals, buckets of equal length, and the busiest.', { type: 'object' }),
      },
    },
    async (request) => {
      const { tenant, buckets = 60, ...filter } = request.query
      const { from, to } = filter
      if (Date.parse(from) >= Date.parse(to))
        throw new GatewayError('invalid_request', { detail: 'Expected "from" to be before "to".' })
      return store.asTenant(await tenantIdOf(store, tenant), (tx) =>
        tx.calls.stats({ ...instants(filter), from: isoOf(from), to: isoOf(to) }, buckets),
      )
    },
  )
  app.get(
    '/calls/:id',
    {
      schema: {
        tags,
        summary: 'Read one call',
        params: Type.Object({ id: Type.String() }),
        querystring: ReadQuery,
        response: answers(200, 'The call.', ref('Call')),
      },
    },
    async (request) => {
      const tenantId = await tenantIdOf(store, request.query.tenant)
      const call = await store.asTenant(tenantId, (tx) => tx.calls.get(request.params.id))
      if (!call) throw new GatewayError('resource_not_found')
      return call
    },
  )
}

function ingestRoute(app: App, { store, logger, onCalls }: CallRoutesOptions): void {
  app.post(
    '/gateway/calls',
    {
      bodyLimit: BATCH_LIMIT,
      config: { access: 'gateway' },
      validatorCompiler: () => validateBatch,
      schema: {
        tags: ['gateway'],
        summary: 'Ship finished calls',
        description:
          'Stores all calls of the batch or, when one of them is not a call, none: the answer is then 422 and names it.',
        body: Batch,
        response: answers(200, 'How many were new; repeating a batch is safe.', {
          type: 'object',
          properties: { stored: { type: 'integer' } },
        }),
      },
    },
    async (request) => {
      const { calls } = request.body
      const stored = calls.length === 0 ? 0 : await store.asSystem((tx) => tx.calls.insert(calls))
      if (stored > 0) tell(calls, onCalls, logger)
      return { stored }
    },
  )
}

// The batch is stored; a listener's fault must not make the gateway ship it again.
function tell(calls: readonly Call[], onCalls: CallRoutesOptions['onCalls'], logger: Logger): void {
  try {
    onCalls?.(calls)
  } catch (error) {
    logger.error({ error }, 'a listener of calls failed')
  }
}

type GivenFilter = { [K in keyof CallFilter]?: CallFilter[K] | undefined }

function instants(filter: GivenFilter): CallFilter {
  const { from, to, ...rest } = filter
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined))
  return { ...given, ...(from ? { from: isoOf(from) } : {}), ...(to ? { to: isoOf(to) } : {}) }
}

const isoOf = (text: string): string => new Date(text).toISOString()
