import type { JsonObject } from '@konnect/contract'
import { budgetOfEffort, effortOf, effortOfBudget, type ReasoningEffort } from '../../canonical/reasoning.ts'
import type { ReasoningSetting } from '../../canonical/request.ts'
import { camel } from '../../google/wire.ts'
import { booleanOf, numberOf, textOf } from '../../json/access.ts'
import type { LossRecorder } from '../../loss.ts'
import type { ModelTraits } from './models.ts'

/** Reads `thinkingConfig`. A budget of -1 leaves it to the model. */
export function readThinking(value: unknown): ReasoningSetting | undefined {
  const config = camel(value)
  const budget = numberOf(config.thinkingBudget)
  const effort = effortOf(textOf(config.thinkingLevel)?.toLowerCase())
  if (budget === 0) return { isOn: false }
  if (budget === undefined && effort === undefined && booleanOf(config.includeThoughts) !== true) return undefined
  return { isOn: true, ...(effort ? { effort } : {}), ...(budget !== undefined && budget > 0 ? { budget } : {}) }
}

/** Writes `thinkingConfig`, fitted to the model: the newest grade in levels, those before in tokens. */
export function writeThinking(
  reasoning: ReasoningSetting | undefined,
  traits: ModelTraits,
  losses: LossRecorder,
): JsonObject | undefined {
  if (reasoning === undefined) return undefined
  if (traits.thinking === 'none') {
    if (reasoning.isOn) losses.drop('reasoning_effort')
    return undefined
  }
  if (!reasoning.isOn) return switchedOff(traits, losses)
  return {
    ...(traits.thinking === 'level' ? writeLevel(reasoning, traits) : writeBudget(reasoning, traits)),
    includeThoughts: true,
  }
}

// A model that always thinks gets the least it accepts.
function switchedOff(traits: ModelTraits, losses: LossRecorder): JsonObject {
  const { thinking, levels, hasOffSwitch, minBudget } = traits
  if (!hasOffSwitch) losses.drop('reasoning_effort')
  if (thinking === 'level') return { thinkingLevel: levels[0] ?? 'low' }
  return { thinkingBudget: hasOffSwitch ? 0 : minBudget }
}

function writeLevel({ effort, budget }: ReasoningSetting, { levels }: ModelTraits): JsonObject {
  const wanted = effort ?? (budget === undefined ? undefined : effortOfBudget(budget))
  return wanted === undefined ? {} : { thinkingLevel: levelOf(wanted, levels) }
}

// The level of that name, otherwise the next one that thinks more.
function levelOf(effort: ReasoningEffort, levels: readonly string[]): string {
  const grades = ['minimal', 'low', 'medium', 'high']
  const from = grades.indexOf(effort)
  const fitting = from < 0 ? [] : grades.slice(from)
  return fitting.find((grade) => levels.includes(grade)) ?? 'high'
}

function writeBudget({ effort, budget }: ReasoningSetting, { minBudget, maxBudget }: ModelTraits): JsonObject {
  const wanted = budget ?? (effort === undefined ? undefined : budgetOfEffort(effort))
  return wanted === undefined ? {} : { thinkingBudget: Math.min(maxBudget, Math.max(minBudget, wanted)) }
}
