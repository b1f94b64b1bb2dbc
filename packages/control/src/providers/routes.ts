import {
  type ConnectionChecker,
  type ConnectionReport,
  GatewayError,
  type JsonObject,
  type KeyCheck,
  type ProviderCheck,
  type ProviderModels,
  type ProviderSpec,
  type ResourceRow,
  type Store,
  validate,
} from '@konnect/contract'
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { type Actor, auditEvent } from '../audit/event.ts'
import { shownSpec } from '../resources/changes.ts'
import { catalogFaults } from '../resources/checks.ts'
import { type Configuration, validationFailed } from '../resources/configuration.ts'
import { bodySchemaOf, definitionOf } from '../resources/kinds.ts'
import { TenantQuery, tenantIdOf } from '../resources/tenants.ts'
import { actorOf } from '../server/access.ts'
import type { App } from '../server/app.ts'
import { answers, ref } from '../server/openapi.ts'
import { connectionsOf, demandSamePlace, type KeyedConnection } from './connection.ts'
import type { ModelLists } from './model-lists.ts'

/** What the checks of providers work with. */
export interface ProviderRoutesOptions {
  readonly store: Store
  readonly configuration: Configuration
  readonly checkConnection: ConnectionChecker
  readonly lists: ModelLists
  now(): number
}

const Params = Type.Object({ name: Type.String({ description: 'Name or id.' }) })
const Query = Type.Object(TenantQuery, { additionalProperties: false })
const CheckBody = Type.Object(
  {
    spec: Type.Unsafe<JsonObject>({ type: 'object', description: 'As it would be saved.' }),
    stored: Type.Optional(
      Type.String({ maxLength: 256, description: 'Name or id of the provider whose keys "***" stands for.' }),
    ),
  },
  { additionalProperties: false },
)
const tags = ['providers']
const provider = definitionOf('provider')
const schema = bodySchemaOf(provider)

/** Each act asks a vendor, for every key once. */
const ACTS_PER_MINUTE = 20

const seldom = {
  max: ACTS_PER_MINUTE,
  timeWindow: 60_000,
  errorResponseBuilder: (_request: FastifyRequest, context: { ttl: number }) =>
    new GatewayError('rate_limited', { headers: ['retry-after', String(Math.ceil(context.ttl / 1000))] }),
}

/** Routes that ask vendors: whether a provider can be used, and which models it may call. */
export function providerRoutes(app: App, options: ProviderRoutesOptions): void {
  const checks = new ProviderChecks(options)
  app.post(
    '/providers/check',
    {
      config: { rateLimit: seldom },
      schema: {
        tags,
        summary: 'Ask the vendor whether a provider that is not saved could be used',
        description: 'Stored keys are used only for the vendor, address and settings that they are stored with.',
        body: CheckBody,
        querystring: Query,
        response: answers(200, 'What the vendor said, key by key.', ref('ProviderCheck')),
      },
    },
    async (request) => {
      const tenantId = await tenantIdOf(options.store, request.query.tenant)
      const { spec, stored } = request.body
      const row = stored === undefined ? undefined : await rowOf(options.store, tenantId, stored)
      return checks.unsaved({ tenantId, row, spec, actor: actorOf(request) })
    },
  )
  app.post(
    '/providers/:name/check',
    {
      config: { rateLimit: seldom },
      schema: {
        tags,
        summary: 'Ask the vendor whether a provider can be used',
        params: Params,
        querystring: Query,
        response: answers(200, 'What the vendor said, key by key.', ref('ProviderCheck')),
      },
    },
    async (request) => {
      const tenantId = await tenantIdOf(options.store, request.query.tenant)
      const row = await rowOf(options.store, tenantId, request.params.name)
      return checks.stored({ tenantId, row, actor: actorOf(request) })
    },
  )
  modelRoutes(app, options, checks)
}

function modelRoutes(app: App, { store, configuration, lists }: ProviderRoutesOptions, checks: ProviderChecks): void {
  const described = ref('ProviderModels')
  const told = ({ id, spec }: ResourceRow): ProviderModels => {
    const vendor = String(spec.vendor)
    const listing = lists.of(id, vendor)
    const isOffered = configuration.catalog.vendors.some((one) => one.id === vendor && one.listsModels === true)
    return { at: listing?.at ?? null, count: listing?.models.length ?? 0, isOffered }
  }
  app.get(
    '/providers/:name/models',
    {
      schema: {
        tags,
        summary: 'When the models of a provider were last fetched',
        description: 'The models themselves are part of the catalog: GET /catalog/models?provider=…',
        params: Params,
        querystring: Query,
        response: answers(200, 'How many, and since when.', described),
      },
    },
    async (request) => told(await rowOf(store, await tenantIdOf(store, request.query.tenant), request.params.name)),
  )
  app.post(
    '/providers/:name/models',
    {
      config: { rateLimit: seldom },
      schema: {
        tags,
        summary: 'Fetch the models that the vendor lists to a provider',
        params: Params,
        querystring: Query,
        response: answers(200, 'How many there are now.', described),
      },
    },
    async (request) => {
      const tenantId = await tenantIdOf(store, request.query.tenant)
      const row = await rowOf(store, tenantId, request.params.name)
      const { keys } = await checks.stored({ tenantId, row, actor: actorOf(request), action: 'models-fetched' })
      if (keys.every(({ models }) => models === null))
        throw new GatewayError('dependency_unavailable', { detail: keys[0]?.detail ?? 'The vendor listed no models.' })
      return told(row)
    },
  )
}

async function rowOf(store: Store, tenantId: string, name: string): Promise<ResourceRow> {
  const row = await store.asTenant(
    tenantId,
    async (tx) => (await tx.resources.findByName('provider', name)) ?? (await tx.resources.get(name)),
  )
  if (row?.kind === 'provider') return row
  throw new GatewayError('resource_not_found', { detail: `There is no provider "${name}" here.` })
}

interface StoredCheck {
  readonly tenantId: string
  readonly row: ResourceRow
  readonly actor: Actor
  /** What the audit trail says was done to the provider. */
  readonly action?: string
}

interface UnsavedCheck {
  readonly tenantId: string
  readonly row: ResourceRow | undefined
  readonly spec: JsonObject
  readonly actor: Actor
}

class ProviderChecks {
  readonly #options: ProviderRoutesOptions

  constructor(options: ProviderRoutesOptions) {
    this.#options = options
  }

  async stored({ tenantId, row, actor, action = 'checked' }: StoredCheck): Promise<ProviderCheck> {
    const masked = shownSpec(this.#options.configuration.secrets, row)
    const spec = this.#opened(masked, row)
    const check = await this.#run(connectionsOf(spec, await this.#modelOf(row)), { row, tenantId })
    const subject = { kind: 'provider', resource: row, change: outcomesOf(check), tenantId }
    await this.#audit(tenantId, auditEvent(actor, `provider.${action}`, subject, this.#options.now()))
    return check
  }

  async unsaved({ tenantId, row, spec, actor }: UnsavedCheck): Promise<ProviderCheck> {
    const { configuration, now } = this.#options
    demandSamePlace(spec, row && shownSpec(configuration.secrets, row))
    const faults = configuration.secrets.redact(schema, spec, [
      ...validate(schema, spec),
      ...catalogFaults(configuration.catalog, schema, spec),
    ])
    if (faults.length > 0) throw validationFailed(faults.map((one) => ({ ...one, path: `/spec${one.path}` })))
    const model = row && (await this.#modelOf(row))
    const check = await this.#run(connectionsOf(this.#opened(spec, row), model), undefined)
    const { vendor, baseUrl = null, name = null } = spec
    const change = { name, vendor: String(vendor), baseUrl, ...outcomesOf(check) }
    const subject = { kind: 'provider', ...(row === undefined ? {} : { resource: row }), change, tenantId }
    await this.#audit(tenantId, auditEvent(actor, 'provider.checked', subject, now()))
    return check
  }

  #opened(spec: JsonObject, row: ResourceRow | undefined): ProviderSpec {
    const { plain, faults } = this.#options.configuration.secrets.unmask(schema, spec, row?.spec)
    if (faults.length > 0) throw validationFailed(faults.map((one) => ({ ...one, path: `/spec${one.path}` })))
    return plain as unknown as ProviderSpec
  }

  /** The vendor's name of a model that runs on a provider, to be asked where the vendor lists none. */
  async #modelOf({ id, name, tenantId }: ResourceRow): Promise<string | undefined> {
    const models = await this.#options.store.asTenant(tenantId, (tx) => tx.resources.usedBy(id))
    const isOurs = (one: { provider?: unknown }) => one.provider === id || one.provider === name
    for (const { kind, spec } of models) {
      if (kind !== 'model') continue
      const { deployments = [], versions = [] } = spec as unknown as DeployedSpec
      const all = [...deployments, ...versions.flatMap((version) => version.deployments)]
      const found = all.find(isOurs)
      if (found !== undefined) return found.model
    }
    return undefined
  }

  async #run(
    connections: readonly KeyedConnection[],
    kept: { readonly row: ResourceRow; readonly tenantId: string } | undefined,
  ): Promise<ProviderCheck> {
    const reports = await Promise.all(
      connections.map(async ({ key, connection }) => ({
        key,
        report: await this.#options.checkConnection(connection),
      })),
    )
    const at = new Date(this.#options.now()).toISOString()
    const models = reports.find(({ report }) => report.models !== null)?.report.models
    if (kept !== undefined && models)
      this.#options.lists.keep({
        tenantId: kept.tenantId,
        providerId: kept.row.id,
        provider: kept.row.name,
        vendor: String(kept.row.spec.vendor),
        at,
        models,
      })
    const keys = reports.map(({ key, report }) => keyCheck(key, report))
    return { at, isOk: keys.every(({ outcome }) => outcome === 'ok'), keys }
  }

  async #audit(tenantId: string, event: ReturnType<typeof auditEvent>): Promise<void> {
    await this.#options.store.asTenant(tenantId, (tx) => tx.audit.append(event))
  }
}

interface DeployedSpec {
  readonly deployments?: readonly { readonly provider: string; readonly model: string }[]
  readonly versions?: readonly { readonly deployments: NonNullable<DeployedSpec['deployments']> }[]
}

const keyCheck = (key: string | null, { models, latencyMs, ...report }: ConnectionReport): KeyCheck => ({
  key,
  ...report,
  latencyMs: latencyMs === null ? null : Math.round(latencyMs),
  models: models?.length ?? null,
})

const outcomesOf = ({ keys }: ProviderCheck): JsonObject => ({
  outcomes: keys.map(({ key, outcome, status }) => ({ key, outcome, status })),
})
