import type { RerankAnswer, RerankRequest } from '../../canonical/ranking.ts'
import { errorEvent, readError, writeError } from '../../cohere/errors.ts'
import { readRanking, readRankingRequest } from '../../cohere/ranking.ts'
import { readRankingFacts } from '../../cohere/ranking-facts.ts'
import type { OperationDialect } from '../dialect.ts'
import { wholeAnswer } from '../whole-answer.ts'
import { writeAnswer } from './answer-out.ts'
import { LOSSES } from './losses.ts'
import { writeRequest } from './request-out.ts'

const ID = 'cohere-rerank'

/** Ranking of documents by a query, in version 2 of Cohere's API. */
export const cohereRerank: OperationDialect<RerankRequest, RerankAnswer> = {
  ...wholeAnswer,
  id: ID,
  operation: 'rerank',
  endpoints: [{ dialect: ID, method: 'POST', path: '/v2/rerank' }],
  losses: LOSSES,
  requestIn: readRankingRequest,
  requestOut: writeRequest,
  answerIn: readRanking,
  answerOut: writeAnswer,
  responseFacts: readRankingFacts,
  errorIn: readError,
  errorOut: writeError,
  errorEvent,
}
