import { isJsonObject, type JsonObject } from '@konnect/contract'

/** The schema without some of its properties, for values that have a place of their own outside the form. */
export function withoutProperties(schema: JsonObject, names: readonly string[]): JsonObject {
  const properties = isJsonObject(schema.properties) ? schema.properties : {}
  const required = Array.isArray(schema.required) ? schema.required : []
  return {
    ...schema,
    properties: Object.fromEntries(Object.entries(properties).filter(([name]) => !names.includes(name))),
    required: required.filter((name) => typeof name !== 'string' || !names.includes(name)),
  }
}

/** The schema with one property described more closely, e.g. by the schema of a policy or a vendor. */
export function withProperty(schema: JsonObject, name: string, property: JsonObject): JsonObject {
  return { ...schema, properties: { ...(isJsonObject(schema.properties) ? schema.properties : {}), [name]: property } }
}

/** The smallest value that a schema lets stand: defaults of what is required, nothing else. */
export function blankOf(schema: JsonObject): JsonObject {
  const required = Array.isArray(schema.required) ? schema.required : []
  const properties = isJsonObject(schema.properties) ? schema.properties : {}
  const blank: JsonObject = {}
  for (const name of required) {
    if (typeof name !== 'string') continue
    const property = properties[name]
    if (!isJsonObject(property)) continue
    if (property.default !== undefined) blank[name] = property.default
    else if (property.type === 'array' && isJsonObject(property.items) && property.items.type === 'object')
      blank[name] = [blankOf(property.items)]
  }
  return blank
}

/** Replaces one key, leaving it out when there is no value. Keeps the order of the others. */
export function withKey(value: JsonObject, key: string, next: JsonObject[string] | undefined): JsonObject {
  if (next !== undefined) return { ...value, [key]: next }
  const { [key]: _removed, ...rest } = value
  return rest
}
