import { readError } from '../../bedrock/errors.ts'
import type { EmbeddingAnswer, EmbeddingRequest } from '../../canonical/embedding.ts'
import type { OperationVendorDialect } from '../dialect.ts'
import { readAnswer } from './answer-in.ts'
import { LOSSES } from './losses.ts'
import { writeRequest } from './request-out.ts'

/** Embeddings of Amazon Bedrock (InvokeModel), in the words of the model's maker: Amazon Titan or Cohere. */
export const bedrockEmbed: OperationVendorDialect<EmbeddingRequest, EmbeddingAnswer> = {
  id: 'bedrock-embed',
  requestHeaders: ['content-type', 'application/json', 'accept', 'application/json'],
  losses: LOSSES,
  requestOut: writeRequest,
  answerIn: readAnswer,
  errorIn: readError,
}
