import type { RerankAnswer, RerankRequest } from '../../canonical/ranking.ts'
import { readError } from '../../cohere/errors.ts'
import { readRanking } from '../../cohere/ranking.ts'
import type { OperationVendorDialect } from '../dialect.ts'
import { LOSSES } from './losses.ts'
import { writeRequest } from './request-out.ts'

/** Ranking of documents by a query as Voyage has it: `top_k` in the request, `data` in the answer. */
export const voyageRerank: OperationVendorDialect<RerankRequest, RerankAnswer> = {
  id: 'voyage-rerank',
  requestHeaders: ['content-type', 'application/json'],
  losses: LOSSES,
  requestOut: writeRequest,
  answerIn: readRanking,
  errorIn: readError,
}
