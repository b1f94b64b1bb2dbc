import type { JsonObject } from '@konnect/contract'

/** The fields of a Messages request that its length depends on; those that count tokens accept no others. */
const COUNTED: readonly string[] = ['model', 'system', 'messages', 'tools', 'tool_choice', 'thinking', 'output_config']

/** The part of a Messages request that can be counted. */
export const countedFields = (body: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(body).filter(([name]) => COUNTED.includes(name)))
