import type { EmbeddingAnswer, EmbeddingRequest } from '../../canonical/embedding.ts'
import { LOSSES } from '../../google/embedding-losses.ts'
import { readError } from '../../google/errors.ts'
import type { OperationVendorDialect } from '../dialect.ts'
import { readAnswer } from './answer-in.ts'
import { writeRequest } from './request-out.ts'

/** Text embeddings of Google's Vertex AI, which answers them as predictions. */
export const vertexEmbed: OperationVendorDialect<EmbeddingRequest, EmbeddingAnswer> = {
  id: 'vertex-embed',
  requestHeaders: ['content-type', 'application/json'],
  losses: LOSSES,
  requestOut: writeRequest,
  answerIn: readAnswer,
  errorIn: readError,
}
