import { describe, expect, it } from 'vitest'
import { EXEMPTIONS, isReason, withoutExempt } from './exemptions.ts'

describe('exemptions', () => {
  it('each carry a reason', () => {
    const { ids, ...byPath } = EXEMPTIONS
    const reasons = [...ids.map(({ reason }) => reason), ...Object.values(byPath).flatMap((one) => Object.values(one))]
    expect(reasons.filter((reason) => !isReason(reason))).toEqual([])
  })

  it('leave what they do not name, and are reported once nothing needs them', () => {
    const result = withoutExempt(['a', 'b'], (name) => name, { b: 'because', c: 'because' })
    expect(result).toEqual({ open: ['a'], stale: ['c'] })
  })
})
