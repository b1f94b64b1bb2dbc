import { isJsonObject, type JsonObject, type VendorDescription } from '@konnect/contract'
import { withProperty } from '../schema-form/schema-edit.ts'

/** The provider schema with what the chosen vendor adds: its address, whether it needs a key, its own settings. */
export function forVendor(schema: JsonObject, vendor: VendorDescription | undefined): JsonObject {
  if (!vendor) return withoutSettings(schema)
  const properties = isJsonObject(schema.properties) ? schema.properties : {}
  const baseUrl = isJsonObject(properties.baseUrl) ? properties.baseUrl : {}
  const apiKey = isJsonObject(properties.apiKey) ? properties.apiKey : {}
  const needed = [
    ...(Array.isArray(schema.required) ? schema.required : []),
    ...(vendor.defaultBaseUrl === undefined ? ['baseUrl'] : []),
  ]
  const address = vendor.defaultBaseUrl === undefined ? baseUrl : { ...baseUrl, default: vendor.defaultBaseUrl }
  const hint = vendor.keyVariable === undefined ? '' : ` What its own SDK reads from ${vendor.keyVariable}.`
  const withKey = withProperty(withProperty({ ...schema, required: needed }, 'baseUrl', address), 'apiKey', {
    ...apiKey,
    description: `${String(apiKey.description ?? '')}${hint}`,
  })
  const hasSettings = Object.keys((vendor.schema.properties ?? {}) as object).length > 0
  return hasSettings
    ? withProperty(withKey, 'settings', { ...vendor.schema, title: vendor.title })
    : withoutSettings(withKey)
}

function withoutSettings(schema: JsonObject): JsonObject {
  const { settings: _settings, ...properties } = isJsonObject(schema.properties) ? schema.properties : {}
  return { ...schema, properties }
}
