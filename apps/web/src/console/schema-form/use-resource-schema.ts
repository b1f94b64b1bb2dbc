import type { JsonObject, ResourceKind } from '@konnect/contract'
import { useCatalog } from '../api/queries.ts'
import { withoutProperties } from './schema-edit.ts'

const NOTHING: readonly string[] = []

/** The schema of a kind of resource, from the catalog; undefined while it loads. */
export function useResourceSchema(kind: ResourceKind, without: readonly string[] = NOTHING): JsonObject | undefined {
  const schema = useCatalog().data?.resources.find((resource) => resource.kind === kind)?.schema
  return schema && withoutProperties(schema, without)
}
