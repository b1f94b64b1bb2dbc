import type { JsonObject } from '@konnect/contract'
import { type EmbeddingAnswer, type EmbeddingRequest, writeVector } from '../../canonical/embedding.ts'
import type { AnswerIdentity } from '../../canonical/response.ts'

/** Writes an answer. Usage is part of the format: where the vendor counts nothing, it says 0. */
export function writeAnswer(
  { vectors, usage }: EmbeddingAnswer,
  { encodings: [encoding = 'float'] }: EmbeddingRequest,
  { model }: AnswerIdentity,
): JsonObject {
  const tokens = usage?.inputTokens ?? 0
  return {
    object: 'list',
    data: vectors.map(({ index, values }) => ({
      object: 'embedding',
      index,
      embedding: writeVector(values, encoding),
    })),
    model,
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  }
}
