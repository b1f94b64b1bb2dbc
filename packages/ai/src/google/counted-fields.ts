import type { JsonObject } from '@konnect/contract'

const COUNTED: readonly string[] = ['contents', 'systemInstruction', 'tools']

/** The part of a generateContent request that its length depends on. */
export const countedFields = (body: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(body).filter(([name]) => COUNTED.includes(name)))
