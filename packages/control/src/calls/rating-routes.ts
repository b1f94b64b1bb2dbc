import type { Store } from '@konnect/contract'
import { Type } from 'typebox'
import { auditEvent } from '../audit/event.ts'
import { TenantQuery, tenantIdOf } from '../resources/tenants.ts'
import { actorOf } from '../server/access.ts'
import type { App } from '../server/app.ts'
import { answers, itemsOf, ref } from '../server/openapi.ts'

const Params = Type.Object({ id: Type.String() })
const Query = Type.Object(TenantQuery, { additionalProperties: false })
const RatingBody = Type.Object(
  {
    score: Type.Number({ minimum: -1, maximum: 1, description: '-1 (bad) to 1 (good).' }),
    comment: Type.Optional(Type.String({ maxLength: 2000 })),
  },
  { additionalProperties: false },
)
const tags = ['calls']

/** Routes through which people say what they think of answers. */
export function ratingRoutes(app: App, { store, now }: { readonly store: Store; now(): number }): void {
  app.post(
    '/calls/:id/rating',
    {
      schema: {
        tags,
        summary: 'Rate the answer of a call',
        description: 'A second rating of the same person replaces the first one.',
        params: Params,
        querystring: Query,
        body: RatingBody,
        response: answers(200, 'The rating.', ref('Rating')),
      },
    },
    async (request) => {
      const { id: callId } = request.params
      const { score, comment = null } = request.body
      const actor = actorOf(request)
      const tenantId = await tenantIdOf(store, request.query.tenant)
      const rating = { callId, score, comment, rater: actor.label, at: new Date(now()).toISOString() }
      await store.asTenant(tenantId, async (tx) => {
        await tx.calls.rate(rating)
        const resource = { id: callId, name: callId }
        const subject = { kind: 'call', resource, change: { score, comment }, tenantId }
        await tx.audit.append(auditEvent(actor, 'call.rated', subject, now()))
      })
      return rating
    },
  )
  app.get(
    '/calls/:id/ratings',
    {
      schema: {
        tags,
        summary: 'List the ratings of a call, newest first',
        params: Params,
        querystring: Query,
        response: answers(200, 'Empty where there are none.', itemsOf(ref('Rating'))),
      },
    },
    async (request) => {
      const tenantId = await tenantIdOf(store, request.query.tenant)
      return { items: await store.asTenant(tenantId, (tx) => tx.calls.ratings(request.params.id)) }
    },
  )
}
