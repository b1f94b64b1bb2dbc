import type { CallStats } from '@konnect/contract'
import { describe, expect, it } from 'vitest'
import { sentence } from './sentence.ts'

const total = {
  calls: 1204,
  errors: 4,
  rejected: 0,
  p50Ms: 12,
  p95Ms: 240,
  p99Ms: 900,
  inputTokens: 0,
  outputTokens: 0,
  costUsd: '1.8234',
  unpriced: 0,
  shadowCalls: 0,
  shadowCostUsd: '0',
}
const stats = (changes: Partial<typeof total> = {}): CallStats => ({
  total: { ...total, ...changes },
  buckets: [],
  topApis: [],
  topApplications: [],
  topModels: [],
})

describe('sentence', () => {
  it('explains itself', () => {
    expect(sentence(stats(), 'in the last 24 hours')).toBe(
      '1,204 calls in the last 24 hours, 0.3% failed, p95 240 ms, $1.82.',
    )
  })

  it('says when nothing happened', () => {
    expect(sentence(stats({ calls: 0 }), 'in the last hour')).toBe('No calls in the last hour.')
  })

  it('never passes an unknown price off as none', () => {
    expect(sentence(stats({ unpriced: 2 }), 'today')).toContain('The price of 2 AI calls is unknown.')
  })

  it('counts what was rejected apart from what failed', () => {
    expect(sentence(stats({ rejected: 602 }), 'today')).toContain('0.3% failed, 50% rejected')
  })
})
