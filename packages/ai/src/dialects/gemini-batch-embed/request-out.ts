import type { JsonObject } from '@konnect/contract'
import { type EmbeddingRequest, limitInputs, textsOf } from '../../canonical/embedding.ts'
import { writeEmbedRequest } from '../../google/embedding.ts'
import type { LossRecorder } from '../../loss.ts'

const MAX_REQUESTS = 100

/** Writes a request. Throws `unsupported_feature` for tokens and for more than 100 texts. */
export function writeRequest(request: EmbeddingRequest, model: string, losses: LossRecorder): JsonObject {
  limitInputs(request, MAX_REQUESTS)
  if (request.truncate !== undefined) losses.drop('truncate')
  return { requests: textsOf(request).map((text, index) => writeEmbedRequest(request, model, { index, text })) }
}
