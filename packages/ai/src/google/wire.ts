import { isJsonObject, type JsonObject } from '@konnect/contract'

/**
 * The object with its own keys in camelCase: the vendor's servers accept `max_output_tokens` as well (Protocol Buffers,
 * JSON mapping). Nested objects stay as they are, since some of them hold the client's own keys. Empty for anything else.
 */
export function camel(value: unknown): JsonObject {
  return isJsonObject(value)
    ? Object.fromEntries(Object.entries(value).map(([key, member]) => [camelKey(key), member]))
    : {}
}

const camelKey = (key: string): string =>
  key.includes('_') ? key.replace(/(?<=[^_])_+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()) : key

/** The objects of an array, each with its own keys in camelCase. */
export const camelsOf = (value: unknown): readonly JsonObject[] =>
  Array.isArray(value) ? value.filter(isJsonObject).map(camel) : []
