import type { JsonObject } from '@konnect/contract'
import { dropTitles, type EmbeddingRequest } from '../../canonical/embedding.ts'
import { compact } from '../../json/access.ts'
import type { LossRecorder } from '../../loss.ts'

/** Writes a request for a vendor. Numbers are asked for: not every vendor has another encoding. */
export function writeRequest(request: EmbeddingRequest, model: string, losses: LossRecorder): JsonObject {
  if (request.task !== undefined) losses.drop('input_type')
  // Text that is too long is refused, as the vendor does it of itself.
  if (request.truncate === 'start' || request.truncate === 'end') losses.drop('truncate')
  dropTitles(request, losses)
  return compact({
    model,
    input: request.inputs.map((input) => (input.type === 'text' ? input.text : input.tokens)),
    dimensions: request.dimensions,
  })
}
