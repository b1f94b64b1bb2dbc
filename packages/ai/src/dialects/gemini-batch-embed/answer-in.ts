import { type EmbeddingAnswer, readVectors } from '../../canonical/embedding.ts'
import { readEmbedUsage } from '../../google/embedding.ts'
import { objectOf, objectsOf } from '../../json/access.ts'

/** Reads an answer. Throws `upstream_invalid`. */
export function readAnswer(body: unknown): EmbeddingAnswer {
  const answer = objectOf(body)
  return {
    vectors: readVectors(objectsOf(answer.embeddings).map(({ values }) => values)),
    usage: readEmbedUsage(answer),
  }
}
