import { describe, expect, it } from 'vitest'
import { isMarkedSeal, markSeal, unmarkSeal } from './seal.ts'

describe('marked seals', () => {
  it('come back whole, and only to the dialect that marked them', () => {
    const sealed = markSeal('a', 'sig:with:colons')
    expect(unmarkSeal('a', sealed)).toBe('sig:with:colons')
    expect(unmarkSeal('b', sealed)).toBeUndefined()
    expect(unmarkSeal('a', 'sig')).toBeUndefined()
    expect([isMarkedSeal(sealed), isMarkedSeal('sig')]).toEqual([true, false])
  })
})
