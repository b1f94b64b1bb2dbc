import type { JsonObject } from '@konnect/contract'
import type { RerankRequest } from '../../canonical/ranking.ts'
import { compact } from '../../json/access.ts'
import type { LossRecorder } from '../../loss.ts'

/** Writes a request for a vendor. Documents need not come back: the client gets its own, and some vendors send them unasked. */
export function writeRequest(request: RerankRequest, model: string, losses: LossRecorder): JsonObject {
  if (request.maxTokensPerDocument !== undefined) losses.drop('max_tokens_per_doc')
  if (request.truncates === false) losses.drop('truncation')
  return compact({
    model,
    query: request.query,
    documents: request.documents.map(({ text }) => text),
    top_n: request.topN,
    return_documents: false,
  })
}
