/** How hard a model should think, as vendors grade it. */
export const REASONING_EFFORTS = ['minimal', 'low', 'medium', 'high', 'xhigh', 'max'] as const
export type ReasoningEffort = (typeof REASONING_EFFORTS)[number]

/** Smallest budget that vendors with budgets accept, in tokens. */
export const MIN_REASONING_BUDGET = 1024

const BUDGETS: Readonly<Record<ReasoningEffort, number>> = {
  minimal: MIN_REASONING_BUDGET,
  low: 2048,
  medium: 8192,
  high: 16_384,
  xhigh: 32_768,
  max: 32_768,
}

/** Tokens that stand for an effort. */
export const budgetOfEffort = (effort: ReasoningEffort): number => BUDGETS[effort]

/** The effort whose budget is nearest from above; `high` for everything beyond. */
export function effortOfBudget(budget: number): ReasoningEffort {
  if (budget <= BUDGETS.minimal) return 'minimal'
  if (budget <= BUDGETS.low * 2) return 'low'
  return budget <= BUDGETS.medium * 1.5 ? 'medium' : 'high'
}

/** The effort of that name, or `undefined` when there is none. */
export const effortOf = (name: unknown): ReasoningEffort | undefined =>
  REASONING_EFFORTS.find((effort) => effort === name)
