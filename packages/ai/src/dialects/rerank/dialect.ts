import type { PassingDialect } from '../dialect.ts'
import { wholeAnswer } from '../whole-answer.ts'
import { errorEvent, readError, writeError } from './errors.ts'
import { readResponseFacts } from './facts.ts'

const ID = 'rerank'

/**
 * Ranking of documents by a query, in the format of Cohere that Jina, Voyage, llama.cpp and vLLM follow. Its clients write
 * either version of the path; bytes pass, so what vendors call differently (`top_n`, `top_k`) is the client's to know.
 */
export const rerank: PassingDialect = {
  ...wholeAnswer,
  id: ID,
  operation: 'rerank',
  endpoints: [
    { dialect: ID, method: 'POST', path: '/v1/rerank' },
    { dialect: ID, method: 'POST', path: '/v2/rerank' },
  ],
  vendorPath: '/rerank',
  responseFacts: readResponseFacts,
  errorIn: readError,
  errorOut: writeError,
  errorEvent,
}
