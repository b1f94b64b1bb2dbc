import { headerOf } from '@konnect/contract'
import { type EmbeddingAnswer, type EmbeddingRequest, readVectors } from '../../canonical/embedding.ts'
import { NO_USAGE } from '../../canonical/usage.ts'
import { readVectorAnswer } from '../../cohere/embedding.ts'
import { numberOf, objectOf } from '../../json/access.ts'
import type { AnswerContext } from '../dialect.ts'

/** The response field in which Bedrock counts tokens, whoever made the model. */
const COUNT_HEADER = 'x-amzn-bedrock-input-token-count'

/** Reads an answer of Titan, which holds one vector, or of Cohere. Throws `upstream_invalid`. */
export function readAnswer(body: unknown, { headers }: AnswerContext<EmbeddingRequest>): EmbeddingAnswer {
  const { embedding, inputTextTokenCount } = objectOf(body)
  const inputTokens = numberOf(inputTextTokenCount) ?? Number(headerOf(headers, COUNT_HEADER) ?? Number.NaN)
  return {
    vectors: embedding === undefined ? readVectorAnswer(body).vectors : readVectors([embedding]),
    usage: Number.isSafeInteger(inputTokens) && inputTokens > 0 ? { ...NO_USAGE, inputTokens } : null,
  }
}
