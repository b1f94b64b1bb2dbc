import type { EmbeddingAnswer, EmbeddingRequest } from '../../canonical/embedding.ts'
import { jsonOperation } from '../../openai/operation.ts'
import type { OperationDialect } from '../dialect.ts'
import { readAnswer } from './answer-in.ts'
import { writeAnswer } from './answer-out.ts'
import { LOSSES } from './losses.ts'
import { mendEncoding } from './mend-encoding.ts'
import { readRequest } from './request-in.ts'
import { writeRequest } from './request-out.ts'

/** OpenAI embeddings, the format that nearly every vendor of embeddings follows. */
export const openaiEmbeddings: OperationDialect<EmbeddingRequest, EmbeddingAnswer> = {
  ...jsonOperation({ id: 'openai-embeddings', operation: 'embeddings', path: '/embeddings' }),
  losses: LOSSES,
  mendAnswer: mendEncoding,
  requestIn: readRequest,
  requestOut: writeRequest,
  answerIn: readAnswer,
  answerOut: writeAnswer,
}
