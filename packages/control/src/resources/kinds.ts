import { type JsonObject, RESOURCES, type ResourceDefinition, type ResourceKind } from '@konnect/contract'

/** A JSON Schema node, as far as this package looks into it. */
export interface SchemaNode {
  readonly type?: string | readonly string[]
  readonly properties?: Readonly<Record<string, SchemaNode>>
  readonly patternProperties?: Readonly<Record<string, SchemaNode>>
  readonly additionalProperties?: boolean | SchemaNode
  readonly required?: readonly string[]
  readonly items?: SchemaNode
  readonly anyOf?: readonly SchemaNode[]
  readonly oneOf?: readonly SchemaNode[]
  readonly description?: string
  readonly 'x-ref'?: ResourceKind
  readonly 'x-secret'?: boolean
  readonly 'x-once'?: boolean
  readonly 'x-after-identity'?: boolean
}

const byKind = new Map(RESOURCES.map((definition) => [definition.kind, definition]))
const ranks = new Map(RESOURCES.map((definition, rank) => [definition.kind, rank]))

/** Kinds that nothing owns, in the order in which they are created. */
export const ROOTS: readonly ResourceDefinition[] = RESOURCES.filter((definition) => definition.parent === undefined)

/** The definition of `kind`. Throws `RangeError` for a kind that the contract does not list. */
export function definitionOf(kind: ResourceKind): ResourceDefinition {
  const definition = byKind.get(kind)
  if (!definition) throw new RangeError(`Unknown kind of resource: ${kind}`)
  return definition
}

/** Place of `kind` in the order of creation: what is referred to comes first. */
export const rankOf = (kind: ResourceKind): number => ranks.get(kind) ?? RESOURCES.length

/** Kinds that resources of `kind` own. */
export const childrenOf = (kind: ResourceKind): readonly ResourceDefinition[] =>
  RESOURCES.filter((definition) => definition.parent === kind)

/** Whether the order among siblings means something: it does where names may be left out. */
export const isOrdered = (definition: ResourceDefinition): boolean => definition.nameOf !== undefined

const bodySchemas = new Map<ResourceKind, SchemaNode>()

/** Schema of a resource together with the lists of children it may carry. */
export function bodySchemaOf(definition: ResourceDefinition): SchemaNode {
  const known = bodySchemas.get(definition.kind)
  if (known) return known
  const own = JSON.parse(JSON.stringify(definition.schema)) as SchemaNode
  const lists = childrenOf(definition.kind).map((child) => [child.plural, listOf(child)])
  const schema = { ...own, properties: { ...own.properties, ...Object.fromEntries(lists) } }
  bodySchemas.set(definition.kind, schema)
  return schema
}

const listOf = (definition: ResourceDefinition): SchemaNode =>
  ({ type: 'array', title: definition.title, items: bodySchemaOf(definition) }) as SchemaNode

/** Kinds that stand on the first level of a document, or inside a tenant. */
export const TENANT_ROOTS: readonly ResourceDefinition[] = ROOTS.filter((definition) => definition.scope === 'tenant')

/** Schema of a whole declarative document. Resources of other tenants stand inside their tenant. */
export const documentSchema: SchemaNode = {
  type: 'object',
  additionalProperties: false,
  properties: Object.fromEntries(
    ROOTS.map((definition) => [definition.plural, definition.kind === 'tenant' ? tenantList() : listOf(definition)]),
  ),
}

function tenantList(): SchemaNode {
  const tenant = bodySchemaOf(definitionOf('tenant'))
  const owned = Object.fromEntries(TENANT_ROOTS.map((definition) => [definition.plural, listOf(definition)]))
  return { type: 'array', items: { ...tenant, properties: { ...tenant.properties, ...owned } } }
}

/** Array of objects under `key`, or nothing. */
export function objectsUnder(value: JsonObject, key: string): readonly JsonObject[] {
  const list = value[key]
  return Array.isArray(list) ? (list as JsonObject[]) : []
}
