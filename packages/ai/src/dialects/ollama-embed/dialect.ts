import type { EmbeddingAnswer, EmbeddingRequest } from '../../canonical/embedding.ts'
import { readVendorError, vendorError } from '../../canonical/error.ts'
import type { OperationVendorDialect } from '../dialect.ts'
import { readAnswer } from './answer-in.ts'
import { LOSSES } from './losses.ts'
import { writeRequest } from './request-out.ts'

/** Ollama's own embeddings. */
export const ollamaEmbed: OperationVendorDialect<EmbeddingRequest, EmbeddingAnswer> = {
  id: 'ollama-embed',
  requestHeaders: ['content-type', 'application/json'],
  losses: LOSSES,
  requestOut: writeRequest,
  answerIn: readAnswer,
  errorIn: (status, body) => vendorError(status, readVendorError(body)),
}
