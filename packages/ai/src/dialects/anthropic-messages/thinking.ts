import type { JsonObject } from '@konnect/contract'
import { budgetOfEffort, MIN_REASONING_BUDGET, type ReasoningEffort } from '../../canonical/reasoning.ts'
import type { ChatRequest, ContentPart } from '../../canonical/request.ts'
import { isMarkedSeal } from '../../canonical/seal.ts'
import type { LossRecorder } from '../../loss.ts'
import type { ModelTraits } from './models.ts'

/** What a request says about thinking, fitted to its model. */
export interface Thinking {
  /** The `thinking` field; left out when the model is not to think. */
  readonly field?: JsonObject
  readonly effort?: string
  readonly maxTokens: number
}

/** Fits effort or budget to the model. A budget is always smaller than `max_tokens`. */
export function settleThinking(request: ChatRequest, traits: ModelTraits, losses: LossRecorder): Thinking {
  const { reasoning, maxTokens } = request
  const off = { maxTokens: maxTokens ?? traits.defaultMaxTokens }
  if (!reasoning?.isOn) return off
  if (traits.hasThinking && traits.isAdaptive) {
    return { ...off, field: { type: 'adaptive' }, ...(reasoning.effort ? { effort: nameOf(reasoning.effort) } : {}) }
  }
  const wanted = reasoning.budget ?? budgetOfEffort(reasoning.effort ?? 'medium')
  const budget = fitBudget(wanted, maxTokens)
  if (!traits.hasThinking || budget === undefined || isInsideUnsealedToolUse(request)) {
    losses.drop('reasoning_effort')
    return off
  }
  return {
    field: { type: 'enabled', budget_tokens: budget },
    maxTokens: maxTokens ?? budget + traits.defaultMaxTokens,
  }
}

function nameOf(effort: ReasoningEffort): string {
  if (effort === 'minimal') return 'low'
  return effort === 'xhigh' ? 'max' : effort
}

// A budget that leaves nothing for the answer is halved; one below the vendor's minimum is none.
function fitBudget(wanted: number, maxTokens: number | undefined): number | undefined {
  const budget = Math.max(MIN_REASONING_BUDGET, wanted)
  if (maxTokens === undefined || budget < maxTokens) return budget
  if (maxTokens <= MIN_REASONING_BUDGET) return undefined
  return Math.max(MIN_REASONING_BUDGET, Math.floor(maxTokens / 2))
}

// With a budget, the vendor refuses to go on after a tool call whose sealed thinking did not come back.
function isInsideUnsealedToolUse(request: ChatRequest): boolean {
  const last = request.messages.at(-1)
  if (!last?.parts.some((part) => part.type === 'tool_result')) return false
  const call = request.messages.findLast((message) => message.role === 'assistant')
  return !call?.parts.some(isSealedHere)
}

function isSealedHere(part: ContentPart): boolean {
  const seal = part.type === 'redacted' ? part.data : part.type === 'reasoning' ? part.signature : undefined
  return seal !== undefined && seal !== '' && !isMarkedSeal(seal)
}
