import {
  type CatalogModel,
  type CatalogModelQuery,
  CatalogModelQuerySchema,
  GatewayError,
  type Page,
  type VendorDescription,
} from '@konnect/contract'
import type { App } from './app.ts'
import { answers, pageOf, ref } from './openapi.ts'

const DEFAULT_LIMIT = 50

/** The models that are known of a vendor, each id once. */
type ModelsOf = (vendorId: string) => readonly CatalogModel[]

/** The route that lists known models: what an operator chooses from instead of typing. */
export function catalogModelRoutes(app: App, vendors: readonly VendorDescription[], modelsOf: ModelsOf): void {
  app.get(
    '/catalog/models',
    {
      schema: {
        tags: ['catalog'],
        summary: 'List known models, vendor by vendor',
        querystring: CatalogModelQuerySchema,
        response: answers(200, 'A page.', pageOf(ref('CatalogModel'))),
      },
    },
    async (request) => pageOfModels(vendors, modelsOf, request.query),
  )
}

/**
 * One page of the models that match, in the order of `vendors`, within one by id. Throws GatewayError `validation_failed`
 * for a cursor that no page of this list ended with.
 */
function pageOfModels(
  vendors: readonly VendorDescription[],
  modelsOf: ModelsOf,
  query: CatalogModelQuery,
): Page<CatalogModel> {
  const { vendor: only, search = '', limit = DEFAULT_LIMIT, cursor } = query
  const after = cursor === undefined ? undefined : placeOf(cursor, vendors)
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  const found: CatalogModel[] = []
  for (const [index, vendor] of vendors.entries()) {
    if (found.length > limit) break
    if (only !== undefined && vendor.id !== only) continue
    if (after !== undefined && index < after.index) continue
    const models = modelsOf(vendor.id).filter((model) => matches(vendor, model, words))
    const isLeft = (model: CatalogModel) => index !== after?.index || byId(model, after) > 0
    found.push(...models.filter(isLeft).sort(byId))
  }
  const items = found.slice(0, limit)
  const last = items.at(-1)
  return { items, nextCursor: found.length > limit && last !== undefined ? cursorOf(last) : null }
}

const order = new Intl.Collator('en')

// Ids that differ only in what the collation overlooks still need an order, or a page could skip one.
const byId = (a: { readonly id: string }, b: { readonly id: string }): number =>
  order.compare(a.id, b.id) || Number(a.id > b.id) - Number(a.id < b.id)

function matches(vendor: VendorDescription, model: CatalogModel, words: readonly string[]): boolean {
  const text = `${model.id}\n${model.title}\n${vendor.id}\n${vendor.title}`.toLowerCase()
  return words.every((word) => text.includes(word))
}

const LIST = 'catalog-models'

const cursorOf = ({ vendor, id }: CatalogModel): string =>
  Buffer.from(JSON.stringify([LIST, vendor, id])).toString('base64url')

interface Place {
  /** Of the vendor. */
  readonly index: number
  /** Of the model. */
  readonly id: string
}

function placeOf(cursor: string, vendors: readonly VendorDescription[]): Place {
  const [list, vendorId, id] = partsOf(cursor)
  const index = vendors.findIndex((vendor) => vendor.id === vendorId)
  if (list === LIST && index >= 0 && typeof id === 'string') return { index, id }
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
