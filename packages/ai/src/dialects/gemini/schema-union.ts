import type { JsonObject } from '@konnect/contract'
import { compact, objectsOf } from '../../json/access.ts'

/** What is said of a schema as a whole. */
export interface SchemaNotes {
  readonly description: string | undefined
  readonly isNullable: boolean
}

/**
 * One of several schemas. Where `anyOf` stands, some of the vendor's servers accept nothing beside it, so what is said of
 * the whole is said of each.
 */
export function unionOf(schemas: readonly JsonObject[], { description, isNullable }: SchemaNotes): JsonObject {
  const members = schemas.flatMap((schema) => (schema.anyOf === undefined ? [schema] : objectsOf(schema.anyOf)))
  const noted = members.map((member) =>
    compact({
      ...member,
      // The nearest description of an only member is the one beside its reference.
      description: members.length === 1 ? (description ?? member.description) : (member.description ?? description),
      nullable: isNullable || member.nullable === true ? true : undefined,
    }),
  )
  const [only] = noted
  return only !== undefined && noted.length === 1 ? only : { anyOf: noted }
}

/** What a schema without any demand becomes: the vendor wants a type everywhere. */
export const ANY_TYPES: readonly JsonObject[] = [
  { type: 'string' },
  { type: 'number' },
  { type: 'boolean' },
  { type: 'object' },
]
