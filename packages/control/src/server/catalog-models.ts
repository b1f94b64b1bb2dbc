import {
  type CatalogModel,
  type CatalogModelQuery,
  CatalogModelQuerySchema,
  GatewayError,
  type ModelSort,
  type Page,
  type Store,
  type VendorDescription,
  type VendorModel,
} from '@konnect/contract'
import type { ModelListing, ModelLists } from '../providers/model-lists.ts'
import { tenantIdOf } from '../resources/tenants.ts'
import type { App } from './app.ts'
import { answers, pageOf, ref } from './openapi.ts'

const DEFAULT_LIMIT = 50

/** What the list of models is made of. */
export interface CatalogModelOptions {
  readonly store: Store
  readonly vendors: readonly VendorDescription[]
  /** The models that are known of a vendor, each id once. */
  modelsOf(vendorId: string): readonly CatalogModel[]
  /** What vendors list themselves. */
  readonly lists: ModelLists
}

/** The route that lists known models: what an operator chooses from instead of typing. */
export function catalogModelRoutes(app: App, options: CatalogModelOptions): void {
  app.get(
    '/catalog/models',
    {
      schema: {
        tags: ['catalog'],
        summary: 'List known models, vendor by vendor',
        description:
          'Models of the price catalog, and those that vendors list to providers of the tenant once fetched.',
        querystring: CatalogModelQuerySchema,
        response: answers(200, 'A page.', pageOf(ref('CatalogModel'))),
      },
    },
    async ({ query }) => {
      const tenantId = await tenantIdOf(options.store, query.tenant)
      const provider =
        query.provider === undefined ? undefined : await providerOf(options.store, tenantId, query.provider)
      return pageOfModels(options, { ...query, ...provider, tenantId })
    },
  )
}

async function providerOf(store: Store, tenantId: string, name: string) {
  const row = await store.asTenant(
    tenantId,
    async (tx) => (await tx.resources.findByName('provider', name)) ?? (await tx.resources.get(name)),
  )
  if (row?.kind === 'provider') return { providerId: row.id, vendor: String(row.spec.vendor) }
  throw new GatewayError('resource_not_found', { detail: `There is no provider "${name}" here.` })
}

interface Question extends CatalogModelQuery {
  readonly tenantId: string
  readonly providerId?: string
}

/** One page of the models that match. Throws `validation_failed` for a cursor that no page of this list ended with. */
function pageOfModels(options: CatalogModelOptions, question: Question): Page<CatalogModel> {
  const { vendor: only, limit = DEFAULT_LIMIT, cursor, sort } = question
  const { vendors } = options
  const after = cursor === undefined ? undefined : placeOf(cursor, vendors, sort)
  const isWanted = matcher(question)
  const found: Found[] = []
  for (const [index, vendor] of vendors.entries()) {
    if (only !== undefined && vendor.id !== only) continue
    // In the order of vendors, those of a page before need not be looked at, nor those beyond this one.
    if (sort === undefined && after !== undefined && index < after.index) continue
    if (sort === undefined && found.length > limit) break
    const models = merged(options, vendor.id, question).filter((model) => isWanted(vendor, model))
    const places = models.map((model) => ({ index, key: keyOf(model, sort), id: model.id, model }))
    found.push(...places.filter((place) => after === undefined || compare(place, after) > 0))
  }
  found.sort(compare)
  const last = found[limit - 1]
  const items = found.slice(0, limit).map(({ model }) => model)
  return { items, nextCursor: found.length > limit && last !== undefined ? cursorOf(last, sort) : null }
}

/** What is known of a vendor's models, together with what the vendor lists to providers of the tenant. */
function merged(options: CatalogModelOptions, vendor: string, question: Question): readonly CatalogModel[] {
  const known = options.modelsOf(vendor)
  const listings = options.lists.ofVendor(question.tenantId, vendor, question.providerId)
  if (listings.length === 0) return known
  const listed = listedIn(listings)
  const ids = new Set(known.map(({ id }) => id))
  const others = [...listed.values()].filter(({ id }) => !ids.has(id)).map((model) => onlyListed(vendor, model))
  return [...known.map((model) => withListing(model, listed.get(model.id))), ...others]
}

function listedIn(listings: readonly ModelListing[]): ReadonlyMap<string, VendorModel> {
  return new Map(listings.flatMap(({ models }) => models.map((model) => [model.id, model])))
}

const withListing = (model: CatalogModel, listed: VendorModel | undefined): CatalogModel => ({
  ...model,
  isListed: listed !== undefined,
  isFamily: model.isFamily && listed === undefined,
  contextWindow: model.contextWindow ?? listed?.contextWindow ?? null,
  capabilities: listed?.capabilities ? [...listed.capabilities] : model.capabilities,
})

const onlyListed = (vendor: string, { id, title, contextWindow, capabilities }: VendorModel): CatalogModel => ({
  vendor,
  id,
  title,
  contextWindow,
  isDeprecated: false,
  capabilities: capabilities ? [...capabilities] : null,
  isFamily: false,
  isListed: true,
  input: null,
  output: null,
  cachedInput: null,
  cacheWrite: null,
})

type Matcher = (vendor: VendorDescription, model: CatalogModel) => boolean

// A figure that is unknown is no promise: it does not meet a condition.
function matcher(query: CatalogModelQuery): Matcher {
  const { search = '', capability, minContext, maxInput, maxOutput, callable = false } = query
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  const atMost = (price: number | null, most: number | undefined) =>
    most === undefined || (price !== null && price <= most)
  return (vendor, model) => {
    if (capability !== undefined && !model.capabilities?.includes(capability)) return false
    if (minContext !== undefined && (model.contextWindow ?? -1) < minContext) return false
    if (!atMost(model.input, maxInput) || !atMost(model.output, maxOutput)) return false
    if (callable && (model.isFamily || model.isDeprecated || model.isListed === false)) return false
    const text = `${model.id}\n${model.title}\n${vendor.id}\n${vendor.title}`.toLowerCase()
    return words.every((word) => text.includes(word))
  }
}

/** Where a model stands in the list. */
interface Place {
  /** Of the vendor. */
  readonly index: number
  /** What the list is sorted by, before vendor and id; null is unknown and comes last. */
  readonly key: number | null
  readonly id: string
}
interface Found extends Place {
  readonly model: CatalogModel
}

function keyOf(model: CatalogModel, sort: ModelSort | undefined): number | null {
  if (sort === 'input') return model.input
  if (sort === 'output') return model.output
  if (sort === '-contextWindow') return model.contextWindow === null ? null : -model.contextWindow
  return 0
}

const order = new Intl.Collator('en')

// Ids that differ only in what the collation overlooks still need an order, or a page could skip one.
const byId = (a: Place, b: Place): number => order.compare(a.id, b.id) || Number(a.id > b.id) - Number(a.id < b.id)

function compare(a: Place, b: Place): number {
  const [one, other] = [a.key ?? Number.POSITIVE_INFINITY, b.key ?? Number.POSITIVE_INFINITY]
  if (one !== other) return one < other ? -1 : 1
  return a.index - b.index || byId(a, b)
}

const LIST = 'catalog-models'

const cursorOf = ({ model, key, id }: Found, sort: ModelSort | undefined): string =>
  Buffer.from(JSON.stringify([LIST, model.vendor, id, sort ?? null, key])).toString('base64url')

function placeOf(cursor: string, vendors: readonly VendorDescription[], sort: ModelSort | undefined): Place {
  const [list, vendorId, id, sortedBy, key] = partsOf(cursor)
  const index = vendors.findIndex((vendor) => vendor.id === vendorId)
  const isOurs = list === LIST && sortedBy === (sort ?? null) && (key === null || typeof key === 'number')
  if (isOurs && index >= 0 && typeof id === 'string') return { index, id, key }
  const errors = [{ path: '/cursor', message: 'is not a cursor of this list; start again without one' }]
  throw new GatewayError('validation_failed', { errors })
}

function partsOf(cursor: string): readonly unknown[] {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    return Array.isArray(parsed) ? parsed : []
  } catch {
    return []
  }
}
