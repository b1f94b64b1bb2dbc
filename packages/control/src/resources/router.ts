import {
  GatewayError,
  type Json,
  RESOURCES,
  type Resource,
  type ResourceDefinition,
  type ResourceRow,
  type Store,
  type StoreTransaction,
} from '@konnect/contract'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type TProperties, Type } from 'typebox'
import { actorOf } from '../server/access.ts'
import type { App } from '../server/app.ts'
import { answers, componentOf, itemsOf, pageOf, ref } from '../server/openapi.ts'
import { type ActResult, type Address, create, patch, remove, replace } from './acts.ts'
import { shownSpec } from './changes.ts'
import type { Authored, Configuration, Draft } from './configuration.ts'
import { definitionOf } from './kinds.ts'
import { TenantQuery, tenantIdOf } from './tenants.ts'

const ListQuery = Type.Object(
  {
    ...TenantQuery,
    search: Type.Optional(Type.String({ maxLength: 256, description: 'Part of the name.' })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, description: 'Default 50.' })),
    cursor: Type.Optional(Type.String({ maxLength: 2048 })),
    sort: Type.Optional(
      Type.Unsafe<'name' | '-name' | 'updatedAt' | '-updatedAt'>({
        type: 'string',
        enum: ['name', '-name', 'updatedAt', '-updatedAt'],
      }),
    ),
  },
  { additionalProperties: false },
)
const ReadQuery = Type.Object(TenantQuery, { additionalProperties: false })
/** How a change is made. */
export const ActQuery = Type.Object(
  {
    ...TenantQuery,
    publish: Type.Optional(Type.Boolean({ description: 'false stages the change for the next publish.' })),
    dryRun: Type.Optional(Type.Boolean({ description: 'true answers with the changes and makes none.' })),
  },
  { additionalProperties: false },
)
type ActQueryValue = { tenant?: string; publish?: boolean; dryRun?: boolean }
type Params = { parent?: string; name?: string }

/** The answer to an act with `dryRun`. */
export const DryRun = { type: 'object', properties: { changes: { type: 'array', items: ref('Change') } } }
export const IfMatch = Type.Object({
  'if-match': Type.Optional(Type.String({ description: 'The revision that must still be the stored one, quoted.' })),
})

/** What the routes of resources work with. */
export interface ResourceRoutesOptions {
  readonly store: Store
  readonly configuration: Configuration
}

/** Routes for every kind of resource in the contract's list; a new kind needs nothing here. */
export function resourceRoutes(app: App, options: ResourceRoutesOptions): void {
  for (const definition of RESOURCES) {
    readRoutes(app, definition, options)
    writeRoutes(app, definition, options)
  }
}

function pathsOf(definition: ResourceDefinition) {
  const owner = definition.parent && definitionOf(definition.parent)
  const list = owner ? `/${owner.plural}/:parent/${definition.plural}` : `/${definition.plural}`
  const parent: TProperties = owner ? { parent: Type.String({ description: `Name or id of the ${owner.title}.` }) } : {}
  const name = Type.String({ description: 'Name or id.' })
  return { list, one: `${list}/:name`, listParams: Type.Object(parent), oneParams: Type.Object({ ...parent, name }) }
}

function readRoutes(app: App, definition: ResourceDefinition, { store, configuration }: ResourceRoutesOptions): void {
  const { list, one, listParams, oneParams } = pathsOf(definition)
  const { title, plural } = definition
  const tags = [plural]
  const component = ref(componentOf(definition.kind))
  const show = (row: ResourceRow) => shownResource(configuration, row)
  const read = async <T>(request: FastifyRequest, work: (tx: StoreTransaction, address: Address) => Promise<T>) => {
    const address = await addressOf(store, definition, request)
    return store.asTenant(address.tenantId, (tx) => work(tx, address))
  }
  app.get(
    list,
    {
      schema: {
        tags,
        summary: `List ${plural}`,
        params: listParams,
        querystring: ListQuery,
        response: answers(200, 'A page, by name unless sorted otherwise.', pageOf(component)),
      },
    },
    (request) =>
      read(request, async (tx, address) => {
        const { tenant: _tenant, ...query } = request.query
        const parent = await parentRow(tx, address)
        const place = parent ? { parentId: parent.id } : {}
        const page = await tx.resources.list({ kind: definition.kind, ...place, ...query })
        return { items: page.items.map(show), nextCursor: page.nextCursor }
      }),
  )
  app.get(
    one,
    {
      schema: {
        tags,
        summary: `Read one ${title}`,
        params: oneParams,
        querystring: ReadQuery,
        response: answers(200, 'The resource; secrets read ***.', component),
      },
    },
    (request, reply) =>
      read(request, async (tx, address) => {
        const row = await existingRow(tx, address)
        reply.header('etag', `"${row.revision}"`)
        return show(row)
      }),
  )
  app.get(
    `${one}/used-by`,
    {
      schema: {
        tags,
        summary: `List what refers to one ${title}`,
        params: oneParams,
        querystring: ReadQuery,
        response: answers(200, 'Resources of any kind.', itemsOf(ref('Resource'))),
      },
    },
    (request) =>
      read(request, async (tx, address) => {
        const row = await existingRow(tx, address)
        return { items: (await tx.resources.usedBy(row.id)).map(show) }
      }),
  )
}

function writeRoutes(app: App, definition: ResourceDefinition, options: ResourceRoutesOptions): void {
  const { list, one, listParams, oneParams } = pathsOf(definition)
  const { configuration } = options
  const { title, plural } = definition
  const component = ref(componentOf(definition.kind))
  const body = ref(`${componentOf(definition.kind)}Spec`)
  const written = (status: number, text: string) => answers(status, text, { anyOf: [component, DryRun] })
  const dryRun = answers(200, 'Dry run.', DryRun)
  const base = { tags: [plural], querystring: ActQuery }
  const handle = actHandler(definition, options)
  app.post(
    list,
    {
      schema: {
        ...base,
        summary: `Create one ${title}`,
        params: listParams,
        body,
        response: { ...dryRun, ...answers(201, 'Created.', component) },
      },
    },
    (request, reply) =>
      handle({ request, reply, status: 201 }, (address) => create(configuration, address, request.body as Json)),
  )
  const existing = { ...base, params: oneParams, headers: IfMatch }
  app.put(
    one,
    { schema: { ...existing, summary: `Replace one ${title}`, body, response: written(200, 'Replaced.') } },
    (request, reply) =>
      handle({ request, reply, status: 200 }, (address) => replace(configuration, address, request.body as Json)),
  )
  const patchBody = { type: 'object', additionalProperties: true, description: 'JSON merge patch (RFC 7396).' }
  app.patch(
    one,
    { schema: { ...existing, summary: `Change one ${title}`, body: patchBody, response: written(200, 'Changed.') } },
    (request, reply) =>
      handle({ request, reply, status: 200 }, (address) => patch(configuration, address, request.body as Json)),
  )
  app.delete(
    one,
    {
      schema: {
        ...existing,
        summary: `Delete one ${title}`,
        response: { ...dryRun, ...answers(204, 'Deleted.') },
      },
    },
    (request, reply) => handle({ request, reply, status: 204 }, remove),
  )
}

interface Handling {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly status: number
  /** What the audit trail says was done; default: what happened to each resource. */
  readonly verb?: string
}

type Act = (address: Address) => (draft: Draft) => Authored<ActResult | undefined>

/** Carries out acts on resources of one kind as a request wants it, and answers with what they left. */
export function actHandler(definition: ResourceDefinition, { store, configuration }: ResourceRoutesOptions) {
  return async ({ request, reply, status, verb }: Handling, act: Act): Promise<unknown> => {
    const address = { ...(await addressOf(store, definition, request)), revision: revisionOf(request) }
    const { publish = true, dryRun = false } = request.query as ActQueryValue
    const mode = dryRun ? 'preview' : publish ? 'publish' : 'stage'
    const author = act(address)
    const told = verb === undefined ? {} : { verb }
    const done = await configuration.change({ actor: actorOf(request), mode, author, ...told })
    if (dryRun) return { changes: done.changes }
    reply.header('x-konnect-snapshot', String(done.snapshotVersion)).code(status)
    if (!done.result) return reply.send()
    const { resource, once } = done.result
    const row = await store.asTenant(address.tenantId, (tx) => tx.resources.get(resource.id))
    if (!row)
      throw new GatewayError('revision_conflict', { detail: 'It was written, and then removed by someone else.' })
    const shown = shownResource(configuration, row)
    reply.header('etag', `"${row.revision}"`)
    return { ...shown, spec: { ...shown.spec, ...once } }
  }
}

async function addressOf(store: Store, definition: ResourceDefinition, request: FastifyRequest): Promise<Address> {
  const { parent, name } = request.params as Params
  const { tenant } = request.query as { tenant?: string }
  const tenantId = await tenantIdOf(store, definition.scope === 'system' ? undefined : tenant)
  return { definition, tenantId, parent, name }
}

async function parentRow(tx: StoreTransaction, { definition, parent = '' }: Address) {
  if (definition.parent === undefined) return undefined
  return findRow(tx, definitionOf(definition.parent), parent, null)
}

async function existingRow(tx: StoreTransaction, address: Address): Promise<ResourceRow> {
  const parent = await parentRow(tx, address)
  return findRow(tx, address.definition, address.name ?? '', parent?.id ?? null)
}

async function findRow(tx: StoreTransaction, definition: ResourceDefinition, name: string, parentId: string | null) {
  const row = (await tx.resources.findByName(definition.kind, name, parentId)) ?? (await tx.resources.get(name))
  if (row?.kind === definition.kind && row.parentId === parentId) return row
  throw new GatewayError('resource_not_found', { detail: `There is no ${definition.kind} "${name}" here.` })
}

function revisionOf(request: FastifyRequest): number | undefined {
  const text = request.headers['if-match']
  if (text === undefined || text === '*') return undefined
  const revision = /^(?:W\/)?"(\d+)"$/.exec(text)?.[1]
  if (revision === undefined)
    throw new GatewayError('invalid_request', { detail: 'Expected If-Match to be a quoted revision such as "3".' })
  return Number(revision)
}

function shownResource(configuration: Configuration, row: ResourceRow): Resource {
  const { id, kind, name, tenantId, parentId, revision, createdAt, updatedAt } = row
  const spec = shownSpec(configuration.secrets, row)
  return { id, kind, name, tenantId, parentId, revision, createdAt, updatedAt, spec }
}
