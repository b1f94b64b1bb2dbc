import type { Json, JsonObject } from '@konnect/contract'
import type { RerankAnswer, RerankRequest } from '../../canonical/ranking.ts'
import type { AnswerIdentity } from '../../canonical/response.ts'
import { compact } from '../../json/access.ts'

/** Writes a ranking in the words of Cohere's first version and Jina, or of Voyage where the client speaks those. */
export function writeAnswer(answer: RerankAnswer, request: RerankRequest, identity: AnswerIdentity): JsonObject {
  const { usage, searchUnits } = answer
  const ranking = answer.results.map(({ index, score }) =>
    compact({ index, relevance_score: score, document: writeDocument(index, request) }),
  )
  return compact({
    ...(request.readsData ? { object: 'list', data: ranking } : { id: identity.requestId, results: ranking }),
    model: identity.model,
    usage: usage === null ? undefined : { prompt_tokens: usage.inputTokens, total_tokens: usage.inputTokens },
    meta: searchUnits === undefined ? undefined : { billed_units: { search_units: searchUnits } },
  })
}

// Voyage gives back text, the others objects.
function writeDocument(index: number, { documents, returnsDocuments, readsData }: RerankRequest): Json | undefined {
  const document = documents[index]
  if (document === undefined || !returnsDocuments) return undefined
  if (readsData) return document.text
  return typeof document.given === 'string' ? { text: document.given } : document.given
}
