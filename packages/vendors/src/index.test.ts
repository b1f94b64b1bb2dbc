import { vendorDialectIds } from '@konnect/ai'
import { validate } from '@konnect/contract'
import { describe, expect, it } from 'vitest'
import { vendors } from './index.ts'

describe('vendors', () => {
  it('have different ids, a dialect that exists, and an address or none', () => {
    expect(new Set(vendors.map(({ id }) => id)).size).toBe(vendors.length)
    for (const vendor of vendors) {
      expect(vendorDialectIds, vendor.id).toEqual(expect.arrayContaining([...vendor.dialects]))
      expect(vendor.defaultBaseUrl ?? 'https://none.example', vendor.id).toMatch(/^(https:\/\/|http:\/\/localhost:).*[^/]$/)
    }
  })

  it('accept no settings at all and refuse unknown ones', () => {
    for (const { id, settings } of vendors) {
      expect(validate(settings, {}), id).toEqual([])
      expect(validate(settings, { unheardOf: 1 }), id).toHaveLength(1)
    }
  })

  it('send header names in lower case, each with a value', () => {
    for (const vendor of vendors) {
      const connection = { baseUrl: 'https://v.example', apiKey: 'k', headers: [], settings: {} }
      for (const dialect of vendor.dialects) {
        const { headers } = vendor.target(connection, { operation: 'chat', dialect, model: 'm' })
        expect(headers.length % 2, vendor.id).toBe(0)
        for (let i = 0; i < headers.length; i += 2) expect(headers[i]).toMatch(/^[a-z0-9-]+$/)
      }
    }
  })
})
