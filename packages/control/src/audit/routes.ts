import type { Store } from '@konnect/contract'
import { Type } from 'typebox'
import { TenantQuery, tenantIdOf } from '../resources/tenants.ts'
import type { App } from '../server/app.ts'
import { answers, pageOf } from '../server/openapi.ts'

const AuditQuery = Type.Object(
  {
    ...TenantQuery,
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, description: 'Default 50.' })),
    cursor: Type.Optional(Type.String({ maxLength: 2048 })),
    kind: Type.Optional(Type.String({ maxLength: 64 })),
    resourceId: Type.Optional(Type.String({ maxLength: 128 })),
  },
  { additionalProperties: false },
)
const Event = {
  type: 'object',
  description: "The record of an administrator's act.",
  properties: {
    id: { type: 'string' },
    tenantId: { type: 'string' },
    at: { type: 'string' },
    actor: { type: 'string' },
    action: { type: 'string' },
    kind: { type: 'string' },
    resourceId: { type: ['string', 'null'] },
    resourceName: { type: ['string', 'null'] },
    change: { type: 'object', additionalProperties: true },
    clientIp: { type: ['string', 'null'] },
  },
}

/** The route that reads the audit trail. Nothing writes or changes it from outside. */
export function auditRoutes(app: App, store: Store): void {
  app.get(
    '/audit',
    {
      schema: {
        tags: ['audit'],
        summary: 'Read the audit trail, newest first',
        querystring: AuditQuery,
        response: answers(200, 'A page.', pageOf(Event)),
      },
    },
    async (request) => {
      const { tenant, ...query } = request.query
      return store.asTenant(await tenantIdOf(store, tenant), (tx) => tx.audit.list(query))
    },
  )
}
