import { describe, expect, it } from 'vitest'
import { budgetOfEffort, effortOf, effortOfBudget, MIN_REASONING_BUDGET, REASONING_EFFORTS } from './reasoning.ts'

describe('reasoning effort', () => {
  it('grows with its budget, from the smallest that vendors accept', () => {
    const budgets = REASONING_EFFORTS.map(budgetOfEffort)
    expect(budgets[0]).toBe(MIN_REASONING_BUDGET)
    expect(budgets).toEqual([...budgets].sort((a, b) => a - b))
  })

  it('comes back from its own budget', () => {
    for (const effort of ['minimal', 'low', 'medium', 'high'] as const)
      expect(effortOfBudget(budgetOfEffort(effort))).toBe(effort)
  })

  it('is nothing for a name that nobody knows', () => {
    expect(effortOf('enormous')).toBeUndefined()
  })
})
