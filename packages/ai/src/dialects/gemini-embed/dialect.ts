import type { EmbeddingAnswer, EmbeddingRequest } from '../../canonical/embedding.ts'
import { embedAction } from '../../google/embed-dialect.ts'
import { readEmbedRequests, resourceName } from '../../google/embedding.ts'
import { replaceModel } from '../../json/model-name.ts'
import { scanTopLevel } from '../../json/top-level.ts'
import type { OperationDialect } from '../dialect.ts'
import { readAnswer } from './answer-in.ts'
import { writeRequest } from './request-out.ts'

const FIELDS: readonly string[] = ['model']

/** Google's embedContent: one vector for one content. */
export const geminiEmbed: OperationDialect<EmbeddingRequest, EmbeddingAnswer> = {
  ...embedAction('gemini-embed', 'embedContent', 'embedding'),
  // The address names the model; the body may.
  prepare(body, upstreamModel) {
    const isNamed = scanTopLevel(body, FIELDS).values.has('model')
    return { body: isNamed ? replaceModel(body, resourceName(upstreamModel), FIELDS) : body, hidesUsage: false }
  },
  requestIn: (body) => readEmbedRequests([body]),
  requestOut: writeRequest,
  answerIn: readAnswer,
  answerOut: ({ vectors: [vector] }) => ({ embedding: { values: vector?.values ?? [] } }),
}
