import type { EmbeddingAnswer, EmbeddingRequest } from '../../canonical/embedding.ts'
import { embedAction } from '../../google/embed-dialect.ts'
import { readEmbedRequests } from '../../google/embedding.ts'
import { arrayOf } from '../../json/access.ts'
import type { OperationDialect } from '../dialect.ts'
import { readAnswer } from './answer-in.ts'
import { renameModel } from './rename-model.ts'
import { writeRequest } from './request-out.ts'

/** Google's batchEmbedContents: one vector for each of several contents. */
export const geminiBatchEmbed: OperationDialect<EmbeddingRequest, EmbeddingAnswer> = {
  ...embedAction('gemini-batch-embed', 'batchEmbedContents', 'embeddings'),
  prepare: (body, upstreamModel) => ({ body: renameModel(body, upstreamModel), hidesUsage: false }),
  requestIn: (body) => readEmbedRequests(arrayOf(body.requests)),
  requestOut: writeRequest,
  answerIn: readAnswer,
  answerOut: ({ vectors }) => ({ embeddings: vectors.map(({ values }) => ({ values })) }),
}
