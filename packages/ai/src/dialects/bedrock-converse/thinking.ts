import type { JsonObject } from '@konnect/contract'
import {
  budgetOfEffort,
  effortOfBudget,
  MIN_REASONING_BUDGET,
  type ReasoningEffort,
} from '../../canonical/reasoning.ts'
import type { ChatRequest, ReasoningSetting } from '../../canonical/request.ts'
import type { LossRecorder } from '../../loss.ts'
import type { ModelTraits } from './models.ts'

/** What a request says about thinking, fitted to its model. */
export interface Thinking {
  /** Fields that only the model knows; empty when it is not to think. */
  readonly fields: JsonObject
  readonly maxTokens: number | undefined
  /** The model refuses sampling settings and demanded tools while it thinks. */
  readonly isExclusive: boolean
}

/** Answer that a budget leaves room for where the client set no limit. Tokens. */
const ROOM_FOR_ANSWER = 8192

/** Fits effort or budget to the model. A budget is always smaller than the limit of tokens. */
export function settleThinking(request: ChatRequest, traits: ModelTraits, losses: LossRecorder): Thinking {
  const { reasoning, maxTokens } = request
  const off: Thinking = { fields: {}, maxTokens, isExclusive: false }
  if (!reasoning?.isOn) return off
  const effort = effortOf(reasoning)
  switch (traits.reasoning) {
    case 'effort':
      return { ...off, fields: { reasoning_effort: threeLevels(effort) } }
    case 'graded':
      return { ...off, fields: { reasoningConfig: { type: 'enabled', maxReasoningEffort: threeLevels(effort) } } }
    case 'adaptive': {
      const config = reasoning.effort === undefined ? {} : { output_config: { effort: fourLevels(reasoning.effort) } }
      return { ...off, fields: { thinking: { type: 'adaptive' }, ...config }, isExclusive: true }
    }
    case 'budget': {
      const budget = fitBudget(reasoning.budget ?? budgetOfEffort(effort), maxTokens)
      if (budget === undefined || isInsideUnsealedToolUse(request)) break
      return {
        fields: { thinking: { type: 'enabled', budget_tokens: budget } },
        maxTokens: maxTokens ?? budget + ROOM_FOR_ANSWER,
        isExclusive: true,
      }
    }
    case 'none':
      break
  }
  losses.drop('reasoning_effort')
  return off
}

const effortOf = ({ effort, budget }: ReasoningSetting): ReasoningEffort =>
  effort ?? (budget === undefined ? 'medium' : effortOfBudget(budget))

function threeLevels(effort: ReasoningEffort): string {
  if (effort === 'minimal' || effort === 'low') return 'low'
  return effort === 'medium' ? 'medium' : 'high'
}

function fourLevels(effort: ReasoningEffort): string {
  if (effort === 'minimal') return 'low'
  return effort === 'xhigh' ? 'max' : effort
}

// A budget that leaves nothing for the answer is halved; one below the model's minimum is none.
function fitBudget(wanted: number, maxTokens: number | undefined): number | undefined {
  const budget = Math.max(MIN_REASONING_BUDGET, wanted)
  if (maxTokens === undefined || budget < maxTokens) return budget
  if (maxTokens <= MIN_REASONING_BUDGET) return undefined
  return Math.max(MIN_REASONING_BUDGET, Math.floor(maxTokens / 2))
}

// With a budget, the model refuses to go on after a tool call whose sealed thinking did not come back.
function isInsideUnsealedToolUse({ messages }: ChatRequest): boolean {
  if (!messages.at(-1)?.parts.some((part) => part.type === 'tool_result')) return false
  const call = messages.findLast(({ role }) => role === 'assistant')
  return !call?.parts.some((part) => part.type === 'redacted' || (part.type === 'reasoning' && part.signature))
}
