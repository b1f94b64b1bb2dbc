import { type CatalogModel, type JsonObject, RESOURCES } from '@konnect/contract'
import { describe, expect, it } from 'vitest'
import { validateValue } from '../schema-form/validate-value.ts'
import { publicNameOf, specOfChoice } from './model-choice.ts'

const found = RESOURCES.find((resource) => resource.kind === 'model')
const schema = JSON.parse(JSON.stringify(found?.schema)) as JsonObject

const modelOf = (id: string): CatalogModel => ({
  vendor: 'acme',
  id,
  title: 'Made up for this test',
  contextWindow: null,
  isDeprecated: false,
  capabilities: null,
  isFamily: false,
  isListed: null,
  input: null,
  output: null,
  cachedInput: null,
  cacheWrite: null,
})

describe('a model chosen from the catalog', () => {
  it.each([
    ['rocket-4.1', 'rocket-4.1'],
    ['org/rocket:free', 'org/rocket:free'],
    ['@cf/org/rocket', 'cf/org/rocket'],
    ['~org/latest', 'org/latest'],
    ['big rocket (2)', 'big-rocket-2-'],
    ['x'.repeat(300), 'x'.repeat(256)],
  ])('%.20s becomes the public name %.20s', (id, name) => expect(publicNameOf(id)).toBe(name))

  it.each(['rocket-4.1', '@cf/org/rocket', '~org/latest'])('%s makes a spec that the form accepts', (id) => {
    const spec = specOfChoice(modelOf(id), 'claude')
    expect(validateValue(schema, spec)).toEqual([])
    expect(spec.deployments).toEqual([{ provider: 'claude', model: id }])
  })
})
