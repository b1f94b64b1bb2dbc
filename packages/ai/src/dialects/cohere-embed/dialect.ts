import type { EmbeddingAnswer, EmbeddingRequest } from '../../canonical/embedding.ts'
import { readVectorAnswer } from '../../cohere/embedding.ts'
import { errorEvent, readError, writeError } from '../../cohere/errors.ts'
import { readUsage } from '../../cohere/usage.ts'
import type { OperationDialect } from '../dialect.ts'
import { wholeAnswer } from '../whole-answer.ts'
import { type FactPlaces, readWholeFacts } from '../whole-facts.ts'
import { writeAnswer } from './answer-out.ts'
import { LOSSES } from './losses.ts'
import { readRequest } from './request-in.ts'
import { writeRequest } from './request-out.ts'

const ID = 'cohere-embed'
const FACTS: FactPlaces = { content: ['embeddings'], counts: ['meta'], usageOf: readUsage }

/** Embeddings in version 2 of Cohere's API. */
export const cohereEmbed: OperationDialect<EmbeddingRequest, EmbeddingAnswer> = {
  ...wholeAnswer,
  id: ID,
  operation: 'embeddings',
  endpoints: [{ dialect: ID, method: 'POST', path: '/v2/embed' }],
  losses: LOSSES,
  requestIn: readRequest,
  requestOut: writeRequest,
  answerIn: (body) => ({ ...readVectorAnswer(body), usage: readUsage(body as Readonly<Record<string, unknown>>) }),
  answerOut: writeAnswer,
  responseFacts: (body) => readWholeFacts(body, FACTS),
  errorIn: readError,
  errorOut: writeError,
  errorEvent,
}
