import { describe, expect, it } from 'vitest'
import { callFilterOf, isFiltered } from './call-filter.ts'

const now = Date.parse('2026-11-23T12:00:00Z')

describe('callFilterOf', () => {
  it('reads every condition from the address', () => {
    const search = {
      kind: 'ai',
      statusClass: '5',
      apiId: 'api_1',
      applicationId: 'app_1',
      model: 'a/b',
      text: '/orders',
    }
    expect(callFilterOf(search, now)).toEqual({ ...search, statusClass: 5 })
  })

  it('leaves out what makes no sense', () => {
    expect(callFilterOf({ kind: 'soap', statusClass: '9', text: '', cursor: 'x', tenant: 'acme' }, now)).toEqual({})
  })

  it('keeps a fixed time fixed and leaves a moving one open', () => {
    expect(callFilterOf({ range: '1h' }, now)).toEqual({ from: '2026-11-23T11:00:00.000Z' })
    expect(callFilterOf({ from: '2026-11-20T00:00:00Z', to: '2026-11-21T00:00:00Z' }, now)).toEqual({
      from: '2026-11-20T00:00:00.000Z',
      to: '2026-11-21T00:00:00.000Z',
    })
  })
})

describe('isFiltered', () => {
  it('tells an empty list from one that a filter emptied', () => {
    expect(isFiltered({ tenant: 'acme', cursor: 'x' })).toBe(false)
    expect(isFiltered({ text: 'x' })).toBe(true)
  })
})
