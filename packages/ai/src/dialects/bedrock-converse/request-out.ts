import type { Json, JsonObject } from '@konnect/contract'
import { CACHE_CONTROL, type ChatRequest } from '../../canonical/request.ts'
import { createToolNames } from '../../canonical/tool-names.ts'
import { compact } from '../../json/access.ts'
import type { LossRecorder } from '../../loss.ts'
import type { DialectRequest } from '../dialect.ts'
import { CachePoints } from './cache-points.ts'
import { writeMessages, writeSystem } from './messages-out.ts'
import { type ModelTraits, traitsOf } from './models.ts'
import { settleThinking } from './thinking.ts'
import { planTools } from './tools-out.ts'

const MAX_NAME = 64

/** Writes a Converse request for a vendor. Model and streaming stand in the address, not in the body. */
export function writeRequest(request: ChatRequest, model: string, losses: LossRecorder): DialectRequest {
  for (const name of [...request.losses, ...Object.keys(request.extras)]) if (name !== CACHE_CONTROL) losses.drop(name)
  if (request.user !== undefined) losses.drop('user')
  const traits = traitsOf(model)
  const names = createToolNames(MAX_NAME)
  const cache = new CachePoints(traits, losses)
  const fitted = { names, cache, losses }
  const thinking = settleThinking(request, traits, losses)
  const plan = planTools(request, thinking.isExclusive, fitted)
  const { system, turns } = writeSystem(request.messages, cache)
  const sampling = writeSampling(request, traits, thinking.isExclusive, losses)
  const modelFields: JsonObject = { ...sampling.modelFields, ...thinking.fields }
  const body = compact({
    messages: writeMessages(turns, fitted),
    system,
    inferenceConfig: filled(
      compact({
        maxTokens: thinking.maxTokens,
        ...sampling.config,
        stopSequences: writeStop(request.stop, losses),
      }),
    ),
    toolConfig: plan.config,
    additionalModelRequestFields: filled(modelFields),
  })
  const outputTool = plan.outputTool === undefined ? {} : { outputTool: plan.outputTool }
  return { body, memo: { ...outputTool, restoreToolName: names.restore } }
}

const filled = (fields: JsonObject): JsonObject | undefined => (Object.keys(fields).length === 0 ? undefined : fields)

interface Sampling {
  readonly config: JsonObject
  readonly modelFields: JsonObject
}

function writeSampling(request: ChatRequest, traits: ModelTraits, isThinking: boolean, losses: LossRecorder): Sampling {
  const { temperature, topP, topK } = request
  if (traits.sampling === 'none' || isThinking) {
    if (temperature !== undefined && temperature !== 1) losses.drop('temperature')
    if (topP !== undefined && topP !== 1) losses.drop('top_p')
    if (topK !== undefined) losses.drop('top_k')
    return { config: {}, modelFields: {} }
  }
  // Every model here ends at 1.
  if (temperature !== undefined && temperature > 1) losses.drop('temperature')
  const isOne = traits.sampling === 'one' && temperature !== undefined && topP !== undefined
  if (isOne && topP !== 1) losses.drop('top_p')
  const config = compact({
    temperature: temperature === undefined ? undefined : Math.min(temperature, 1),
    topP: isOne ? undefined : topP,
  })
  return { config, modelFields: writeTopK(topK, traits, losses) }
}

function writeTopK(topK: number | undefined, traits: ModelTraits, losses: LossRecorder): JsonObject {
  if (topK === undefined) return {}
  if (traits.topK === 'top_k') return { top_k: topK }
  if (traits.topK === 'nova') return { inferenceConfig: { topK } }
  losses.drop('top_k')
  return {}
}

// Empty stop sequences are refused.
function writeStop(stop: readonly string[], losses: LossRecorder): Json | undefined {
  const kept = stop.filter((text) => text.trim() !== '')
  if (kept.length < stop.length) losses.drop('stop')
  return kept.length === 0 ? undefined : kept
}
