import { GatewayError, isJsonObject, type JsonObject } from '@konnect/contract'
import type { EmbeddingInput, EmbeddingRequest } from '../canonical/embedding.ts'
import { unknownFields } from '../canonical/operation.ts'
import { countOf, NO_USAGE } from '../canonical/usage.ts'
import type { FactPlaces } from '../dialects/whole-facts.ts'
import { compact, defined, numberOf, objectOf, textOf } from '../json/access.ts'
import { taskName, taskOf } from './tasks.ts'
import { camel, camelsOf } from './wire.ts'

const KNOWN: ReadonlySet<string> = new Set(['model', 'content', 'taskType', 'title', 'outputDimensionality'])

const invalid = (detail: string) => new GatewayError('invalid_request', { detail })

/** The name of a model as the API calls it inside of bodies. */
export const resourceName = (model: string): string =>
  /^(?:models|tunedModels)\//.test(model) ? model : `models/${model}`

/**
 * Reads requests to embed one content each into one. Throws `invalid_request`, and `unsupported_feature` for media and
 * where the requests want different things, since in no other format they can.
 */
export function readEmbedRequests(given: readonly unknown[]): EmbeddingRequest {
  if (given.length === 0 || !given.every(isJsonObject)) throw invalid('"requests" must be a list of requests.')
  const requests = given.map(camel)
  const [first = {}] = requests
  if (
    requests.some((one) => one.taskType !== first.taskType || one.outputDimensionality !== first.outputDimensionality)
  ) {
    throw new GatewayError('unsupported_feature', {
      detail: 'The chosen model cannot embed with different task types or dimensions in one request.',
    })
  }
  const task = taskOf(first.taskType)
  const isTaskLost = task === undefined && ![undefined, null, 'TASK_TYPE_UNSPECIFIED'].includes(textOf(first.taskType))
  return {
    inputs: requests.map(readInput),
    encodings: ['float'],
    losses: [...requests.flatMap((one) => unknownFields(one, KNOWN)), ...(isTaskLost ? ['input_type'] : [])],
    ...defined({ task, dimensions: numberOf(first.outputDimensionality) }),
  }
}

// The parts of a content are embedded as one text.
function readInput({ content, title }: JsonObject): EmbeddingInput {
  const parts = camelsOf(objectOf(content).parts)
  if (parts.length === 0) throw invalid('"content" must have parts with text.')
  const texts = parts.map((part) => {
    const text = textOf(part.text)
    if (text === undefined) {
      throw new GatewayError('unsupported_feature', { detail: 'The chosen model embeds text only.' })
    }
    return text
  })
  return { type: 'text', text: texts.join('\n'), ...defined({ title: textOf(title) }) }
}

/** Writes the request to embed one of the inputs, whose text is at hand. */
export function writeEmbedRequest(request: EmbeddingRequest, model: string, place: { index: number; text: string }) {
  const input = request.inputs[place.index]
  return compact({
    model: resourceName(model),
    content: { parts: [{ text: place.text }] },
    taskType: request.task === undefined ? undefined : taskName(request.task),
    title: input?.type === 'text' ? input.title : undefined,
    outputDimensionality: request.dimensions,
  })
}

/** Tokens of an answer; null when it counts none, as those of most models do. */
export function readEmbedUsage({ usageMetadata }: Readonly<Record<string, unknown>>) {
  const { promptTokenCount, totalTokenCount } = camel(usageMetadata)
  const inputTokens = countOf(promptTokenCount ?? totalTokenCount)
  return inputTokens === 0 ? null : { ...NO_USAGE, inputTokens }
}

/** Where the facts of an answer stand that holds its vectors in `field`. */
export const embedFacts = (field: string): FactPlaces => ({
  content: [field],
  counts: ['usageMetadata'],
  usageOf: readEmbedUsage,
})
