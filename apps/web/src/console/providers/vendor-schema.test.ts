import { type JsonObject, RESOURCES, type VendorDescription } from '@konnect/contract'
import { describe, expect, it } from 'vitest'
import { validateValue } from '../schema-form/validate-value.ts'
import { forVendor } from './vendor-schema.ts'

const found = RESOURCES.find((resource) => resource.kind === 'provider')
const schema = JSON.parse(JSON.stringify(found?.schema)) as JsonObject

const vendor: VendorDescription = {
  id: 'acme',
  title: 'Acme AI',
  description: 'Made up for this test.',
  dialects: ['openai-chat'],
  needsApiKey: true,
  keyVariable: 'ACME_API_KEY',
  schema: { type: 'object', additionalProperties: false, properties: { region: { type: 'string' } } },
}
const propertiesFor = (description: VendorDescription | undefined) =>
  forVendor(schema, description).properties as Record<string, JsonObject>

describe('forVendor', () => {
  it("checks settings against the vendor's own schema", () => {
    const spec = { name: 'a', vendor: 'acme', baseUrl: 'http://127.0.0.1', settings: { planet: 'mars' } }
    expect(validateValue(forVendor(schema, vendor), spec).map((fault) => fault.path)).toEqual(['/settings/planet'])
  })

  it('demands an address only where the vendor has none of its own', () => {
    const spec = { name: 'a', vendor: 'acme' }
    expect(validateValue(forVendor(schema, vendor), spec).map((fault) => fault.path)).toEqual(['/baseUrl'])
    const withAddress = { ...vendor, defaultBaseUrl: 'https://api.acme.example' }
    expect(validateValue(forVendor(schema, withAddress), spec)).toEqual([])
    expect(propertiesFor(withAddress).baseUrl?.default).toBe('https://api.acme.example')
  })

  it("names the variable that the vendor's SDK reads the key from", () => {
    expect(propertiesFor(vendor).apiKey?.description).toContain('ACME_API_KEY')
  })

  it('asks for no settings before a vendor is chosen or when it has none', () => {
    expect(propertiesFor(undefined)).not.toHaveProperty('settings')
    expect(propertiesFor({ ...vendor, schema: { type: 'object', properties: {} } })).not.toHaveProperty('settings')
  })
})
