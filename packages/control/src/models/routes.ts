import { GatewayError, type JsonObject, type ModelRange, type Store } from '@konnect/contract'
import { Type } from 'typebox'
import { type ActResult, type Address, locate } from '../resources/acts.ts'
import { type Authored, type Draft, validationFailed } from '../resources/configuration.ts'
import { definitionOf } from '../resources/kinds.ts'
import { ActQuery, actHandler, DryRun, IfMatch, type ResourceRoutesOptions } from '../resources/router.ts'
import { TenantQuery, tenantIdOf } from '../resources/tenants.ts'
import type { App } from '../server/app.ts'
import { answers, itemsOf, pageOf, ref } from '../server/openapi.ts'
import { type Outcome, type Promotion, promoted, rolledBack } from './promotion.ts'

const Params = Type.Object({ name: Type.String({ description: 'Name or id.' }) })
const PromotionBody = Type.Object(
  {
    version: Type.String({ minLength: 1, maxLength: 64, description: 'Version of the model.' }),
    percent: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 100,
        description: 'Of the requests; the other versions share the rest as they do now. Default 100.',
      }),
    ),
  },
  { additionalProperties: false },
)
const RangeFields = {
  ...TenantQuery,
  from: Type.String({ format: 'date-time', description: 'Inclusive.' }),
  to: Type.String({ format: 'date-time', description: 'Exclusive.' }),
}
const RangeQuery = Type.Object(RangeFields, { additionalProperties: false })
const PageQuery = Type.Object(
  {
    ...RangeFields,
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, description: 'Default 50.' })),
    cursor: Type.Optional(Type.String({ maxLength: 2048 })),
  },
  { additionalProperties: false },
)
const tags = ['models']

/** Routes for the versions of a model: who gets which, and how they do. */
export function modelRoutes(app: App, options: ResourceRoutesOptions): void {
  trafficRoutes(app, options)
  figureRoutes(app, options.store)
}

function trafficRoutes(app: App, options: ResourceRoutesOptions): void {
  const handle = actHandler(definitionOf('model'), options)
  const response = answers(200, 'The model as it is served now.', { anyOf: [ref('Model'), DryRun] })
  const base = { tags, params: Params, querystring: ActQuery, headers: IfMatch, response }
  app.post(
    '/models/:name/promote',
    { schema: { ...base, summary: 'Give a version of a model more or all of the requests', body: PromotionBody } },
    (request, reply) => {
      const { version, percent = 100 } = request.body
      const act = changeTraffic((spec) => promoted(spec, { version, percent } satisfies Promotion))
      return handle({ request, reply, status: 200, verb: 'promoted' }, act)
    },
  )
  app.post(
    '/models/:name/rollback',
    { schema: { ...base, summary: 'Share the requests among the versions of a model as before the last promotion' } },
    (request, reply) => handle({ request, reply, status: 200, verb: 'rolled-back' }, changeTraffic(rolledBack)),
  )
}

/** Changes a stored model; its secrets stay sealed. */
function changeTraffic(change: (spec: JsonObject) => Outcome) {
  return (address: Address) =>
    (draft: Draft): Authored<ActResult> => {
      const { target } = locate(draft, address)
      const outcome = change(target.spec)
      if ('fault' in outcome) throw validationFailed([outcome.fault])
      const resource = { ...target, spec: outcome.spec }
      draft.after.put(resource)
      return { result: { resource, once: {} }, pointers: new Map([[target.id, '']]) }
    }
}

function figureRoutes(app: App, store: Store): void {
  app.get(
    '/models/:name/versions',
    {
      schema: {
        tags,
        summary: 'Figures of the versions of a model, side by side',
        description: 'Those of comparisons (shadows) stand apart from those of requests that clients made.',
        params: Params,
        querystring: RangeQuery,
        response: answers(200, 'One entry for each version that was called.', itemsOf(ref('VersionFigures'))),
      },
    },
    async (request) => {
      const { tenantId, range } = await placeOf(store, request.params.name, request.query)
      return { items: await store.asTenant(tenantId, (tx) => tx.calls.versions(range)) }
    },
  )
  app.get(
    '/models/:name/comparisons',
    {
      schema: {
        tags,
        summary: 'Calls of a model with what its shadow made of them, newest first',
        params: Params,
        querystring: PageQuery,
        response: answers(200, 'A page.', pageOf(ref('Comparison'))),
      },
    },
    async (request) => {
      const { tenantId, range } = await placeOf(store, request.params.name, request.query)
      const { limit, cursor } = request.query
      const page = { ...(limit === undefined ? {} : { limit }), ...(cursor === undefined ? {} : { cursor }) }
      return store.asTenant(tenantId, (tx) => tx.calls.comparisons(range, page))
    },
  )
}

interface Place {
  readonly tenantId: string
  readonly range: ModelRange
}

/** Whose calls of which model and time are meant. Throws `resource_not_found` and `invalid_request`. */
async function placeOf(
  store: Store,
  name: string,
  query: { tenant?: string | undefined; from: string; to: string },
): Promise<Place> {
  const [from, to] = [query.from, query.to].map((text) => new Date(text).toISOString()) as [string, string]
  if (from >= to) throw new GatewayError('invalid_request', { detail: 'Expected "from" to be before "to".' })
  const tenantId = await tenantIdOf(store, query.tenant)
  const row = await store.asTenant(
    tenantId,
    async (tx) => (await tx.resources.findByName('model', name)) ?? (await tx.resources.get(name)),
  )
  if (row?.kind !== 'model')
    throw new GatewayError('resource_not_found', { detail: `There is no model "${name}" here.` })
  return { tenantId, range: { model: row.name, from, to } }
}
