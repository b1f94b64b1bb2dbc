import { countLosses, readCount, type TokenCountAnswer, type TokenCountRequest } from '../../canonical/token-count.ts'
import { countedFields } from '../../google/counted-fields.ts'
import { objectOf } from '../../json/access.ts'
import type { Dialect, OperationVendorDialect } from '../dialect.ts'

/** Vertex AI's countTokens, which takes the parts of a request of `gemini` side by side. */
export const vertexTokenCount = (gemini: Dialect): OperationVendorDialect<TokenCountRequest, TokenCountAnswer> => ({
  id: 'vertex-token-count',
  requestHeaders: gemini.requestHeaders,
  losses: countLosses(gemini.losses),
  requestOut: ({ chat }, model, losses) => countedFields(gemini.requestOut(chat, model, losses).body),
  answerIn: (body) => readCount(objectOf(body).totalTokens),
  errorIn: gemini.errorIn,
})
