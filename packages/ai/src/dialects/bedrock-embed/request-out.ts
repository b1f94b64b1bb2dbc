import { GatewayError, type JsonObject } from '@konnect/contract'
import { dropTitles, type EmbeddingRequest, limitInputs, textsOf } from '../../canonical/embedding.ts'
import { writeTexts } from '../../cohere/embedding.ts'
import { compact } from '../../json/access.ts'
import type { LossRecorder } from '../../loss.ts'

/**
 * Writes a request in the words of the model's maker; the model stands in the address. Throws `unsupported_feature` for
 * tokens, for more texts than the model takes (Titan: one), and for models of which nobody here knows the words.
 */
export function writeRequest(request: EmbeddingRequest, model: string, losses: LossRecorder): JsonObject {
  if (model.includes('cohere.embed')) return writeTexts(request, model, losses)
  if (model.includes('amazon.titan-embed-text')) return writeTitan(request, model, losses)
  throw new GatewayError('unsupported_feature', {
    detail: 'On Bedrock, only the text embeddings of Amazon Titan and of Cohere can be asked for.',
  })
}

function writeTitan(request: EmbeddingRequest, model: string, losses: LossRecorder): JsonObject {
  limitInputs(request, 1)
  if (request.task !== undefined) losses.drop('input_type')
  if (request.truncate === 'start' || request.truncate === 'end') losses.drop('truncate')
  dropTitles(request, losses)
  // The first version has vectors of one length.
  const hasOneLength = model.includes('titan-embed-text-v1')
  if (hasOneLength && request.dimensions !== undefined) losses.drop('dimensions')
  return compact({ inputText: textsOf(request)[0], dimensions: hasOneLength ? undefined : request.dimensions })
}
