import type { JsonObject } from '@konnect/contract'
import type { RerankAnswer, RerankRequest } from '../../canonical/ranking.ts'
import type { AnswerIdentity } from '../../canonical/response.ts'
import { compact } from '../../json/access.ts'

/** Writes a ranking. Version 2 gives no documents back. */
export function writeAnswer(
  { results, usage, searchUnits }: RerankAnswer,
  _request: RerankRequest,
  { requestId }: AnswerIdentity,
): JsonObject {
  const billed = compact({ search_units: searchUnits, input_tokens: usage?.inputTokens })
  return {
    id: requestId,
    results: results.map(({ index, score }) => ({ index, relevance_score: score })),
    meta: { api_version: { version: '2' }, billed_units: billed },
  }
}
