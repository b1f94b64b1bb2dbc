import type { JsonObject } from '@konnect/contract'
import { dropTitles, type EmbeddingRequest, textsOf } from '../../canonical/embedding.ts'
import { compact } from '../../json/access.ts'
import type { LossRecorder } from '../../loss.ts'

/** Writes a request for a vendor. Throws `unsupported_feature` for tokens. */
export function writeRequest(request: EmbeddingRequest, model: string, losses: LossRecorder): JsonObject {
  const { truncate } = request
  if (request.task !== undefined) losses.drop('input_type')
  // It cuts off the end or nothing.
  if (truncate === 'start') losses.drop('truncate')
  dropTitles(request, losses)
  return compact({
    model,
    input: textsOf(request),
    dimensions: request.dimensions,
    truncate: truncate === undefined || truncate === 'start' ? undefined : truncate === 'end',
  })
}
