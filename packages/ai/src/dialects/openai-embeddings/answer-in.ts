import { type EmbeddingAnswer, readVector } from '../../canonical/embedding.ts'
import { numberOf, objectOf, objectsOf } from '../../json/access.ts'
import { readOperationUsage } from '../../openai/usage.ts'

/** Reads an answer; where a vector does not say its place, it has the one in the list. Throws `upstream_invalid`. */
export function readAnswer(body: unknown): EmbeddingAnswer {
  const { data, usage } = objectOf(body)
  return {
    vectors: objectsOf(data).map((entry, place) => ({
      index: numberOf(entry.index) ?? place,
      values: readVector(entry.embedding),
    })),
    usage: readOperationUsage(usage),
  }
}
