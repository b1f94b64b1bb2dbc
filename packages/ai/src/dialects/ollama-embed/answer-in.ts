import { type EmbeddingAnswer, readVectors } from '../../canonical/embedding.ts'
import { countOf, NO_USAGE } from '../../canonical/usage.ts'
import { arrayOf, objectOf } from '../../json/access.ts'

/** Reads an answer. Throws `upstream_invalid`. */
export function readAnswer(body: unknown): EmbeddingAnswer {
  const { embeddings, prompt_eval_count: count } = objectOf(body)
  const inputTokens = countOf(count)
  return {
    vectors: readVectors(arrayOf(embeddings)),
    usage: inputTokens === 0 ? null : { ...NO_USAGE, inputTokens },
  }
}
