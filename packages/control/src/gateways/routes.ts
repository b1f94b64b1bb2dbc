import { GatewayError, GatewayStatusSchema, type Store } from '@konnect/contract'
import { Type } from 'typebox'
import type { SnapshotFeed } from '../publish/feed.ts'
import { TenantQuery, tenantIdOf } from '../resources/tenants.ts'
import type { App } from '../server/app.ts'
import { answers, itemsOf, ref } from '../server/openapi.ts'
import type { GatewayRegistry } from './registry.ts'

/** Longest that a long poll is kept open. */
const MAX_WAIT_MS = 60_000

const SnapshotQuery = Type.Object(
  {
    after: Type.Optional(Type.Integer({ minimum: 0, description: 'Version that the gateway has; default 0.' })),
    wait: Type.Optional(Type.Integer({ minimum: 0, description: 'Milliseconds, at most 60000; default 0.' })),
  },
  { additionalProperties: false },
)
const SignedSnapshot = {
  type: 'object',
  required: ['version', 'payload', 'signature'],
  properties: {
    version: { type: 'integer' },
    payload: { type: 'string', description: 'JSON text of the Snapshot; the exact bytes are signed.' },
    signature: { type: 'string', description: 'Ed25519 (RFC 8032), base64.' },
  },
}

const DeploymentsQuery = Type.Object(
  { ...TenantQuery, provider: Type.String({ maxLength: 256, description: 'Name or id of the provider.' }) },
  { additionalProperties: false },
)

/** What the routes of gateways work with. */
export interface GatewayRoutesOptions {
  readonly store: Store
  readonly feed: SnapshotFeed
  readonly registry: GatewayRegistry
}

/** Routes by which gateways get Snapshots and tell of themselves, and the list that people read. */
export function gatewayRoutes(app: App, { store, feed, registry }: GatewayRoutesOptions): void {
  app.get(
    '/gateway/snapshot',
    {
      config: { access: 'gateway' },
      schema: {
        tags: ['gateway'],
        summary: 'Wait for a Snapshot newer than the one at hand',
        querystring: SnapshotQuery,
        response: { ...answers(200, 'The newest.', SignedSnapshot), ...answers(204, 'None within the wait.') },
      },
    },
    async (request, reply) => {
      const { after = 0, wait = 0 } = request.query
      const gone = new AbortController()
      const leave = () => gone.abort()
      reply.raw.once('close', leave)
      const snapshot = await feed.next(after, Math.min(wait, MAX_WAIT_MS), gone.signal)
      reply.raw.off('close', leave)
      return snapshot ?? reply.code(204).send()
    },
  )
  app.post(
    '/gateway/status',
    {
      config: { access: 'gateway' },
      schema: {
        tags: ['gateway'],
        summary: 'Tell how a gateway is doing',
        body: GatewayStatusSchema,
        response: answers(204, 'Noted.'),
      },
    },
    async (request, reply) => {
      registry.report(request.body)
      return reply.code(204).send()
    },
  )
  app.get(
    '/gateways',
    {
      schema: {
        tags: ['gateways'],
        summary: 'List running gateways',
        response: answers(200, 'As they last told of themselves.', itemsOf(ref('GatewayInfo'))),
      },
    },
    async () => ({ items: registry.list() }),
  )
  app.get(
    '/gateways/deployments',
    {
      schema: {
        tags: ['gateways'],
        summary: 'How gateways find the deployments of a provider right now',
        description: 'One entry for each gateway and upstream model; keys are told by name when they rest.',
        querystring: DeploymentsQuery,
        response: answers(200, 'As gateways last told.', itemsOf(ref('LiveDeployment'))),
      },
    },
    async (request) => {
      const { tenant, provider } = request.query
      const tenantId = await tenantIdOf(store, tenant)
      const row = await store.asTenant(
        tenantId,
        async (tx) => (await tx.resources.findByName('provider', provider)) ?? (await tx.resources.get(provider)),
      )
      if (row?.kind === 'provider') return { items: registry.deployments(row.id) }
      throw new GatewayError('resource_not_found', { detail: `There is no provider "${provider}" here.` })
    },
  )
}
