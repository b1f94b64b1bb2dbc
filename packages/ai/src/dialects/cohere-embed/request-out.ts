import type { JsonObject } from '@konnect/contract'
import type { EmbeddingRequest } from '../../canonical/embedding.ts'
import { writeTexts } from '../../cohere/embedding.ts'
import type { LossRecorder } from '../../loss.ts'

/** Writes a request for a vendor. Throws `unsupported_feature` for tokens and for more than 96 texts. */
export const writeRequest = (request: EmbeddingRequest, model: string, losses: LossRecorder): JsonObject => ({
  model,
  ...writeTexts(request, model, losses),
})
