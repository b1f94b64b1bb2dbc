import type { JsonObject } from '@konnect/contract'
import { type EmbeddingRequest, limitInputs, textsOf } from '../../canonical/embedding.ts'
import { writeEmbedRequest } from '../../google/embedding.ts'
import type { LossRecorder } from '../../loss.ts'

/** Writes a request. Throws `unsupported_feature` for tokens and for more than one text. */
export function writeRequest(request: EmbeddingRequest, model: string, losses: LossRecorder): JsonObject {
  limitInputs(request, 1)
  if (request.truncate !== undefined) losses.drop('truncate')
  return writeEmbedRequest(request, model, { index: 0, text: textsOf(request)[0] ?? '' })
}
