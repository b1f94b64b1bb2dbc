import type { JsonObject } from '@konnect/contract'
import type { RerankRequest } from '../../canonical/ranking.ts'
import { compact } from '../../json/access.ts'
import type { LossRecorder } from '../../loss.ts'

/** Writes a request for the vendor. */
export function writeRequest(request: RerankRequest, model: string, losses: LossRecorder): JsonObject {
  if (request.maxTokensPerDocument !== undefined) losses.drop('max_tokens_per_doc')
  return compact({
    model,
    query: request.query,
    documents: request.documents.map(({ text }) => text),
    top_k: request.topN,
    truncation: request.truncates,
  })
}
