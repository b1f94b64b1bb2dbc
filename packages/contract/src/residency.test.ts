import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { commonRegions, compileResidency, covers, type ProcessingPlace } from './residency.ts'

const region = fc
  .array(fc.constantFrom('eu', 'us', 'west', 'east', '1', '2'), { minLength: 1, maxLength: 4 })
  .map((labels) => labels.join('-'))
const regions = fc.array(region, { minLength: 1, maxLength: 5 })
const isIn = (list: readonly string[], one: string) => list.some((rule) => covers(rule, one))

describe('regions', () => {
  it('cover what is written below them, and nothing that only begins alike', () => {
    expect([covers('eu', 'eu'), covers('eu', 'eu-west-1'), covers('eu-west', 'eu-west-1')]).toEqual([true, true, true])
    expect([covers('eu', 'europe'), covers('eu-west', 'eu'), covers('eu-west-1', 'eu-west-10')]).toEqual([
      false,
      false,
      false,
    ])
  })

  it('that two rules have in common are exactly those that lie in both', () => {
    fc.assert(
      fc.property(regions, regions, region, (one, other, place) => {
        expect(isIn(commonRegions(one, other), place)).toBe(isIn(one, place) && isIn(other, place))
      }),
    )
  })
})

describe('residency', () => {
  const place = (part: object = {}): ProcessingPlace => ({
    region: 'eu-west-1',
    terms: { training: 'never', retention: '1d' },
    ...part,
  })

  it('is nothing where no rule is given', () => {
    expect(compileResidency(undefined, {})).toBeUndefined()
  })

  it('says all rules in one line, the stricter of two where they differ', () => {
    const tenant = { regions: ['eu', 'us'], maxRetention: '30d' }
    const model = { regions: ['eu-west', 'ap'], noTraining: true, maxRetention: '7d' }
    expect(compileResidency(tenant, model)?.proof).toBe('regions=eu-west; no-training; retention<=7d')
    expect(compileResidency({ regions: ['eu'] }, { regions: ['us'] })?.proof).toBe('regions=none')
  })

  it('lets content go where every rule is known to hold', () => {
    const rules = compileResidency({ regions: ['eu'], noTraining: true, maxRetention: '30d' })
    expect(rules?.objection(place())).toBeUndefined()
  })

  it.each([
    ['in another region', { region: 'us-east-1' }, 'it is in us-east-1'],
    ['in a region that nobody has stated', { region: undefined }, 'nobody has stated its region'],
    [
      'with a vendor that trains',
      { terms: { training: 'allowed', retention: '1d' } },
      'its vendor may train on content',
    ],
    [
      'where nobody has stated that it does not train',
      { terms: { retention: '1d' } },
      'nobody has stated that it does not train',
    ],
    ['where it stays too long', { terms: { training: 'never', retention: '31d' } }, 'it keeps content 31d'],
    [
      'where nobody has stated how long it stays',
      { terms: { training: 'never' } },
      'nobody has stated how long it keeps content',
    ],
    ['where nothing is stated', { terms: undefined }, 'nobody has stated that it does not train'],
  ])('keeps content from a place %s', (_name, part, objection) => {
    const rules = compileResidency({ regions: ['eu'], noTraining: true, maxRetention: '30d' })
    expect(rules?.objection(place(part))).toBe(objection)
  })

  it('lets content be kept in an allowed region only, and in an unknown one only without rules about regions', () => {
    const rules = compileResidency({ regions: ['eu'] })
    expect([rules?.allowsRegion('eu-north'), rules?.allowsRegion('us'), rules?.allowsRegion(undefined)]).toEqual([
      true,
      false,
      false,
    ])
    expect(compileResidency({ noTraining: true })?.allowsRegion(undefined)).toBe(true)
  })
})
