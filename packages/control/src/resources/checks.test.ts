import { ApiSchema, type CatalogDescription, ModelSchema, ProviderSchema } from '@konnect/contract'
import { describe, expect, it } from 'vitest'
import { catalogFaults, catalogWarnings } from './checks.ts'
import type { SchemaNode } from './kinds.ts'

const catalog: CatalogDescription = {
  vendors: [
    {
      id: 'acme',
      title: 'Acme',
      description: 'For a test.',
      dialects: ['openai-chat'],
      defaultBaseUrl: 'https://acme.example',
      needsApiKey: true,
      schema: { type: 'object', additionalProperties: false, properties: {} },
    },
  ],
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

describe('the keys of a provider', () => {
  const faultsOf = (...given: object[]) => {
    const apiKeys = given.map((key) => ({ value: 'v', ...key }))
    return (more: object) =>
      catalogFaults(catalog, ProviderSchema as unknown as SchemaNode, { name: 'a', vendor: 'acme', apiKeys, ...more })
  }

  it('have names of their own, also beside the one that is called default', () => {
    expect(faultsOf({ name: 'x' }, { name: 'default' })({})).toEqual([])
    expect(faultsOf({ name: 'x' }, { name: 'y' }, { name: 'x' })({})).toMatchObject([{ path: '/apiKeys/2/name' }])
    expect(faultsOf({ name: 'default' })({ apiKey: 'v' })).toMatchObject([{ path: '/apiKeys/0/name' }])
  })

  it('in a pool are as good as one: only a provider with neither is warned about', () => {
    const warned = (spec: object) => catalogWarnings(catalog, 'provider', { name: 'a', vendor: 'acme', ...spec })
    expect(warned({})).toHaveLength(1)
    expect(warned({ apiKey: 'v' })).toEqual([])
    expect(warned({ apiKeys: [{ name: 'x', value: 'v' }] })).toEqual([])
    expect(warned({ apiKeys: [{ name: 'x', value: 'v', enabled: false }] })).toEqual([
      expect.stringContaining('is disabled'),
    ])
  })
})
