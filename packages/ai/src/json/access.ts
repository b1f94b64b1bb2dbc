import { isJsonObject, type JsonObject } from '@konnect/contract'

/** The value as text, or `undefined` when it is something else. */
export const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

/** The value as a finite number, or `undefined`. */
export const numberOf = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined

/** The value as a boolean, or `undefined`. */
export const booleanOf = (value: unknown): boolean | undefined => (typeof value === 'boolean' ? value : undefined)

/** The value as an object; an empty one when it is something else. */
export const objectOf = (value: unknown): JsonObject => (isJsonObject(value) ? value : {})

/** The value as an array; an empty one when it is something else. */
export const arrayOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

/** The objects of an array; everything else in it is left out. */
export const objectsOf = (value: unknown): readonly JsonObject[] => arrayOf(value).filter(isJsonObject)

/** The object without its `undefined` members. */
export function compact(entries: { readonly [key: string]: unknown }): JsonObject {
  const result: { [key: string]: unknown } = {}
  for (const key in entries) if (entries[key] !== undefined) result[key] = entries[key]
  return result as JsonObject
}

/** The entries without those that are `undefined`, under their own types. */
export function defined<T extends object>(entries: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return compact(entries as { readonly [key: string]: unknown }) as { [K in keyof T]?: Exclude<T[K], undefined> }
}
