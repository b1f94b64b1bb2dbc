import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { drawnVersion, stickyVersion, type VersionShare } from './version-choice.ts'

const shares = (percents: Record<string, number>): VersionShare<string>[] =>
  Object.entries(percents).map(([name, percent]) => ({ version: name, name, percent }))

const SUBJECTS = Array.from({ length: 4_000 }, (_, i) => `user-${i}`)
const counted = (percents: Record<string, number>): Record<string, number> => {
  const counts: Record<string, number> = {}
  for (const subject of SUBJECTS) {
    const version = stickyVersion(shares(percents), subject) ?? 'none'
    counts[version] = (counts[version] ?? 0) + 1
  }
  return counts
}

describe('a version drawn by its share', () => {
  it.each([
    [0, 'v1'],
    [0.699, 'v1'],
    [0.7, 'v3'],
    [0.9999999, 'v3'],
  ])('is, for %d, %s', (random, version) => {
    expect(drawnVersion(shares({ v1: 70, v2: 0, v3: 30 }), () => random)).toBe(version)
  })

  it('is never one whose share is 0', () => {
    expect(drawnVersion(shares({ v1: 0, v2: 100, v3: 0 }), () => 1)).toBe('v2')
    expect(drawnVersion(shares({ v1: 0, v2: 100 }), () => 0)).toBe('v2')
  })
})

describe('a sticky version', () => {
  it('is the same for the same subject, in whatever order the shares stand', () => {
    const [ahead, behind] = [shares({ v1: 60, v2: 40 }), shares({ v2: 40, v1: 60 })]
    for (const subject of SUBJECTS) expect(stickyVersion(ahead, subject)).toBe(stickyVersion(behind, subject))
  })

  it('goes to each part of the subjects that its share says', () => {
    const { v1 = 0, v2 = 0, v3 } = counted({ v1: 90, v2: 10, v3: 0 })
    expect(v1 / SUBJECTS.length).toBeCloseTo(0.9, 1)
    expect(v2 / SUBJECTS.length).toBeCloseTo(0.1, 1)
    expect(v3).toBeUndefined()
  })

  it('is left only where its share fell, or for a version whose share rose', () => {
    const percents = fc
      .array(fc.nat({ max: 100 }), { minLength: 3, maxLength: 3 })
      .filter((all) => all.some((one) => one > 0))
    fc.assert(
      fc.property(percents, percents, fc.string(), (before, after, subject) => {
        const names = ['v1', 'v2', 'v3']
        const of = (given: readonly number[]) =>
          shares(Object.fromEntries(names.map((name, i) => [name, given[i] ?? 0])))
        const [from, to] = [stickyVersion(of(before), subject), stickyVersion(of(after), subject)]
        const grew = (name = '') => (after[names.indexOf(name)] ?? 0) - (before[names.indexOf(name)] ?? 0)
        expect(from === to || grew(from) < 0 || grew(to) > 0).toBe(true)
      }),
    )
  })

  it('moves nobody back when a canary grows', () => {
    const small = shares({ v1: 90, v2: 10 })
    const large = shares({ v1: 50, v2: 50 })
    const early = SUBJECTS.filter((subject) => stickyVersion(small, subject) === 'v2')
    expect(early.every((subject) => stickyVersion(large, subject) === 'v2')).toBe(true)
    expect(early.length).toBeGreaterThan(0)
  })
})
