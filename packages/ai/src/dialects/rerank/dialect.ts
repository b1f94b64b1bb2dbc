import type { RerankAnswer, RerankRequest } from '../../canonical/ranking.ts'
import { errorEvent, readError, writeError } from '../../cohere/errors.ts'
import { readRanking, readRankingRequest } from '../../cohere/ranking.ts'
import { readRankingFacts } from '../../cohere/ranking-facts.ts'
import type { OperationDialect } from '../dialect.ts'
import { wholeAnswer } from '../whole-answer.ts'
import { writeAnswer } from './answer-out.ts'
import { LOSSES } from './losses.ts'
import { writeRequest } from './request-out.ts'

const ID = 'rerank'

/**
 * Ranking of documents by a query, in the format of Cohere's first version that Jina, llama.cpp and vLLM follow. Clients of
 * Voyage ask at the same path; they are known by their own words and answered in them.
 */
export const rerank: OperationDialect<RerankRequest, RerankAnswer> = {
  ...wholeAnswer,
  id: ID,
  operation: 'rerank',
  endpoints: [{ dialect: ID, method: 'POST', path: '/v1/rerank' }],
  vendorPath: '/rerank',
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
