import { describe, expect, it } from 'vitest'
import { callableNames, MAX_LANES, readSettings } from './comparison-settings.ts'

const known = { applications: ['mobile', 'web'], models: ['a', 'b', 'c', 'd', 'e', 'b@v2'] }

describe('the settings of a comparison', () => {
  it('come from the address', () => {
    const search = { models: 'b b@v2', application: 'web', temperature: '0', maxTokens: '50' }
    expect(readSettings(search, known)).toEqual({
      application: 'web',
      models: ['b', 'b@v2'],
      temperature: 0,
      maxTokens: 50,
    })
  })

  it('without an address are the first application and the first two models', () => {
    expect(readSettings({}, known)).toMatchObject({ application: 'mobile', models: ['a', 'b'], temperature: undefined })
  })

  it('ignore what nobody has, what stands twice, and what is out of bounds', () => {
    const search = { models: 'ghost a a b c d e', application: 'ghost', temperature: '9', maxTokens: 'many' }
    expect(readSettings(search, known)).toEqual({
      application: 'mobile',
      models: ['a', 'b', 'c', 'd'].slice(0, MAX_LANES),
      temperature: undefined,
      maxTokens: undefined,
    })
  })

  it('know a model by its name and by each of its versions', () => {
    const versions = [
      { name: 'v1', deployments: [] },
      { name: 'v2', deployments: [] },
    ]
    expect(
      callableNames([
        { name: 'a', spec: { name: 'a' } },
        { name: 'b', spec: { name: 'b', versions } },
      ]),
    ).toEqual(['a', 'b', 'b@v1', 'b@v2'])
  })
})
