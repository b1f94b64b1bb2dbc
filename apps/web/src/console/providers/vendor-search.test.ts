import type { VendorDescription } from '@konnect/contract'
import { describe, expect, it } from 'vitest'
import { matchesVendor } from './vendor-search.ts'

const vendor: VendorDescription = {
  id: 'acme-ai',
  title: 'Acme',
  description: 'Made up for this test: Rocket models.',
  dialects: ['openai-chat'],
  needsApiKey: true,
  schema: {},
}

describe('the search for a vendor', () => {
  it.each(['', 'acm', 'ACME', 'acme-ai', 'rocket', 'models  acme', ' acme '])('finds it by %j', (search) => {
    expect(matchesVendor(vendor, search)).toBe(true)
  })

  it.each(['acne', 'acme train'])('does not find it by %j', (search) => {
    expect(matchesVendor(vendor, search)).toBe(false)
  })
})
