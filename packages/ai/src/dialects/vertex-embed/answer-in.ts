import { type EmbeddingAnswer, readVectors } from '../../canonical/embedding.ts'
import { countOf, NO_USAGE } from '../../canonical/usage.ts'
import { objectOf, objectsOf } from '../../json/access.ts'

/** Reads an answer; each prediction counts its own tokens. Throws `upstream_invalid`. */
export function readAnswer(body: unknown): EmbeddingAnswer {
  const embeddings = objectsOf(objectOf(body).predictions).map((prediction) => objectOf(prediction.embeddings))
  let inputTokens = 0
  for (const { statistics } of embeddings) inputTokens += countOf(objectOf(statistics).token_count)
  return {
    vectors: readVectors(embeddings.map(({ values }) => values)),
    usage: inputTokens === 0 ? null : { ...NO_USAGE, inputTokens },
  }
}
