import { vendors } from '@konnect/vendors'
import { describe, expect, it } from 'vitest'
import { catalogModels } from './catalog.ts'

describe('the models of a vendor', () => {
  it.each(vendors.map(({ id }) => id))('of %s stand under its own id, each once', (vendorId) => {
    const models = catalogModels(vendorId)
    expect(models.filter(({ vendor }) => vendor !== vendorId)).toEqual([])
    expect(new Set(models.map(({ id }) => id)).size).toBe(models.length)
  })

  it('are found where the price catalog calls the vendor by another name', () => {
    const renamed = vendors.filter(({ pricedAs }) => pricedAs !== undefined)
    expect(renamed.length).toBeGreaterThan(0)
    for (const { id } of renamed) expect(catalogModels(id).length, id).toBeGreaterThan(0)
  })

  it('are none for a vendor that the program does not ship', () => {
    expect(catalogModels('acme')).toEqual([])
  })
})
