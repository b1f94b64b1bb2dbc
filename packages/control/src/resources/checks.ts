import {
  type CatalogDescription,
  type FieldFault,
  isJsonObject,
  type Json,
  type JsonObject,
  validate,
} from '@konnect/contract'
import { objectsUnder, type SchemaNode } from './kinds.ts'
import { isPolicyUse, isVendorUse, walk } from './walk.ts'

/** Checks what only the catalog knows: ids and settings of policies and vendors. Pointers begin at `value`. */
export function catalogFaults(catalog: CatalogDescription, schema: SchemaNode, value: Json): FieldFault[] {
  const faults: FieldFault[] = []
  walk(catalog, schema, value, (place) => {
    if (!isJsonObject(place.value)) return undefined
    const found = [
      ...(isPolicyUse(place.schema) ? policyFaults(catalog, place.value, place.schema) : []),
      ...(isVendorUse(place.schema) ? vendorFaults(catalog, place.value) : []),
    ]
    faults.push(...found.map((fault) => ({ ...fault, path: place.pointer + fault.path })))
    return undefined
  })
  return faults
}

function policyFaults(catalog: CatalogDescription, value: JsonObject, schema: SchemaNode): FieldFault[] {
  if (typeof value.use !== 'string') return []
  const policy = catalog.policies.find(({ id }) => id === value.use)
  if (!policy) return [unknownId('/use', 'policy', value.use, catalog.policies)]
  const late: FieldFault[] =
    schema['x-after-identity'] === true && policy.phases.includes('identify')
      ? [
          {
            path: '/use',
            message: `"${policy.id}" identifies callers, who are known already here; attach it to the API, the route, the tenant or the whole gateway.`,
          },
        ]
      : []
  return [...late, ...settingFaults('/with', policy.schema, value.with)]
}

function vendorFaults(catalog: CatalogDescription, value: JsonObject): FieldFault[] {
  if (typeof value.vendor !== 'string') return []
  const vendor = catalog.vendors.find(({ id }) => id === value.vendor)
  if (!vendor) return [unknownId('/vendor', 'vendor', value.vendor, catalog.vendors)]
  const address: FieldFault[] =
    vendor.defaultBaseUrl === undefined && value.baseUrl === undefined
      ? [{ path: '', message: `Missing "baseUrl"; ${vendor.title} has no address of its own.` }]
      : []
  return [...address, ...keyFaults(value), ...settingFaults('/settings', vendor.schema, value.settings)]
}

// The key beside the pool is one of it, under a name of its own.
function keyFaults(value: JsonObject): FieldFault[] {
  const taken = new Set<unknown>(value.apiKey === undefined ? [] : ['default'])
  return objectsUnder(value, 'apiKeys').flatMap(({ name }, index) => {
    if (!taken.has(name)) {
      taken.add(name)
      return []
    }
    return [{ path: `/apiKeys/${index}/name`, message: `Another key of this provider is called "${name}".` }]
  })
}

// Settings that were left out altogether are checked as empty ones, and their faults stand where they would be.
function settingFaults(path: string, schema: object, settings: Json | undefined): FieldFault[] {
  if (settings !== undefined && !isJsonObject(settings)) return []
  const base = settings === undefined ? '' : path
  return validate(schema, settings ?? {}).map((fault) => ({ ...fault, path: base + fault.path }))
}

const unknownId = (path: string, noun: string, id: string, known: readonly { readonly id: string }[]): FieldFault => ({
  path,
  message: `Unknown ${noun} "${id}"; expected one of: ${known.map((one) => one.id).join(', ') || 'none installed'}.`,
})

/** What is allowed, but hardly meant. */
export function catalogWarnings(catalog: CatalogDescription, kind: string, spec: JsonObject): string[] {
  if (kind === 'provider') return keyWarnings(catalog, spec)
  return kind === 'tenant' ? identityWarnings(catalog, spec) : []
}

function keyWarnings(catalog: CatalogDescription, spec: JsonObject): string[] {
  if (spec.apiKey !== undefined) return []
  if (spec.apiKeys !== undefined) {
    const isUsable = objectsUnder(spec, 'apiKeys').some(({ enabled }) => enabled !== false)
    return isUsable ? [] : [`Every key of provider "${spec.name}" is disabled; its models cannot answer.`]
  }
  const vendor = catalog.vendors.find(({ id }) => id === spec.vendor)
  return vendor?.needsApiKey
    ? [`Provider "${spec.name}" has no apiKey; ${vendor.title} will refuse its requests without one.`]
    : []
}

// The AI endpoints belong to every tenant: whose a request is shows only once its caller is known.
function identityWarnings(catalog: CatalogDescription, spec: JsonObject): string[] {
  const identifying = catalog.policies.filter(({ phases }) => phases.includes('identify'))
  return objectsUnder(spec, 'policies')
    .filter(({ use, enabled }) => enabled !== false && identifying.some(({ id }) => id === use))
    .map(
      ({ use }) =>
        `Policy "${use}" of tenant "${spec.name}" identifies the callers of its APIs; for the AI endpoints, attach it to the whole gateway as well.`,
    )
}
