import { isJsonObject } from '@konnect/contract'
import { countLosses, readCount, type TokenCountAnswer, type TokenCountRequest } from '../../canonical/token-count.ts'
import { countedFields } from '../../google/counted-fields.ts'
import { resourceName } from '../../google/embedding.ts'
import { KEY_IN_QUERY, PATH_PREFIX, readModelPath } from '../../google/model-path.ts'
import { objectOf } from '../../json/access.ts'
import { scanTopLevel } from '../../json/top-level.ts'
import type { Dialect, OperationDialect } from '../dialect.ts'
import { wholeAnswer } from '../whole-answer.ts'
import { readWholeFacts } from '../whole-facts.ts'
import { FIELDS, renameModel } from './rename-model.ts'

const ID = 'gemini-token-count'

/** Google's countTokens: how long a request of `gemini`, its chat format, is. */
export const geminiTokenCount = (gemini: Dialect): OperationDialect<TokenCountRequest, TokenCountAnswer> => ({
  ...wholeAnswer,
  id: ID,
  operation: 'token-count',
  endpoints: [
    {
      dialect: ID,
      method: 'POST',
      path: PATH_PREFIX,
      match: 'prefix',
      action: 'countTokens',
      keyInQuery: KEY_IN_QUERY,
    },
  ],
  losses: countLosses(gemini.losses),
  readFacts(body, path) {
    scanTopLevel(body, FIELDS)
    return { model: readModelPath(path).model, isStream: false }
  },
  // The address names the model; a request inside of the body may.
  prepare: (body, upstreamModel) => ({ body: renameModel(body, upstreamModel), hidesUsage: false }),
  responseFacts: (body) => readWholeFacts(body, { content: ['totalTokens'], counts: [], usageOf: () => null }),
  requestIn(body, facts) {
    const inner = body.generateContentRequest ?? body.generate_content_request
    return { chat: gemini.requestIn(isJsonObject(inner) ? inner : body, facts), losses: [] }
  },
  requestOut({ chat }, model, losses) {
    const { body } = gemini.requestOut(chat, model, losses)
    return { generateContentRequest: { model: resourceName(model), ...countedFields(body) } }
  },
  answerIn: (body) => readCount(objectOf(body).totalTokens),
  answerOut: ({ tokens }) => ({ totalTokens: tokens }),
  errorIn: gemini.errorIn,
  errorOut: gemini.errorOut,
  errorEvent: gemini.errorEvent,
})
