import { describe, expect, it } from 'vitest'
import { catalogueQuery } from './catalogue-query.ts'

describe('the question for known models', () => {
  it('is what the address says', () => {
    const search = {
      search: 'sonnet',
      vendor: 'anthropic',
      capability: 'vision',
      minContext: '200000',
      maxInput: '0.5',
    }
    expect(catalogueQuery({ ...search, sort: '-contextWindow', callable: 'true' })).toEqual({
      limit: 50,
      search: 'sonnet',
      vendor: 'anthropic',
      capability: 'vision',
      minContext: 200_000,
      maxInput: 0.5,
      sort: '-contextWindow',
      callable: true,
    })
  })

  it('is for all where the address says nothing, or nothing that is known', () => {
    const search = { capability: 'magic', sort: 'luck', minContext: 'much', maxOutput: '-1', callable: 'yes' }
    expect(catalogueQuery(search)).toEqual({ limit: 50 })
    expect(catalogueQuery({})).toEqual({ limit: 50 })
  })
})
