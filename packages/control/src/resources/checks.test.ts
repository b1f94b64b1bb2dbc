import { ApiSchema, type CatalogDescription, ModelSchema } from '@konnect/contract'
import { describe, expect, it } from 'vitest'
import { catalogFaults, catalogWarnings } from './checks.ts'
import type { SchemaNode } from './kinds.ts'

const catalog: CatalogDescription = {
  vendors: [],
  policies: [
    {
      id: 'recognise',
      title: 'Recognise',
      description: 'For a test.',
      phases: ['identify'],
      failure: 'none',
      isDefaultIdentity: false,
      schema: { type: 'object', additionalProperties: false, properties: {} },
    },
  ],
}

describe('a policy that identifies callers', () => {
  const policies = [{ use: 'recognise' }]

  it('may stand at an API', () => {
    const api = { name: 'orders', upstream: 'orders', policies }
    expect(catalogFaults(catalog, ApiSchema as unknown as SchemaNode, api)).toEqual([])
  })

  it('is refused where the caller is known already, with the place where it belongs', () => {
    const model = { name: 'assistant', deployments: [{ provider: 'a', model: 'b' }], policies }
    expect(catalogFaults(catalog, ModelSchema as unknown as SchemaNode, model)).toEqual([
      { path: '/policies/0/use', message: expect.stringContaining('attach it to the API') },
    ])
  })

  it('is kept at a tenant with a warning that the AI endpoints need it at the gateway', () => {
    expect(catalogWarnings(catalog, 'tenant', { name: 'acme', policies })).toEqual([
      expect.stringContaining('"recognise" of tenant "acme"'),
    ])
    const disabled = [{ use: 'recognise', enabled: false }]
    expect(catalogWarnings(catalog, 'tenant', { name: 'acme', policies: disabled })).toEqual([])
  })
})
