import type { JsonObject } from '@konnect/contract'
import { type EmbeddingAnswer, type EmbeddingRequest, textsOf, writeVector } from '../../canonical/embedding.ts'
import type { AnswerIdentity } from '../../canonical/response.ts'
import { compact } from '../../json/access.ts'

/** Writes an answer, its vectors under each of the types that were asked for. */
export function writeAnswer(
  { vectors, usage }: EmbeddingAnswer,
  request: EmbeddingRequest,
  { requestId }: AnswerIdentity,
): JsonObject {
  const written = request.encodings.map((encoding) => [
    encoding,
    vectors.map(({ values }) => writeVector(values, encoding)),
  ])
  return {
    id: requestId,
    embeddings: Object.fromEntries(written),
    texts: textsOf(request),
    meta: { api_version: { version: '2' }, billed_units: compact({ input_tokens: usage?.inputTokens }) },
    response_type: 'embeddings_by_type',
  }
}
