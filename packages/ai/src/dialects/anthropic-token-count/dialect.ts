import { countedFields } from '../../anthropic/counted-fields.ts'
import { countLosses, readCount, type TokenCountAnswer, type TokenCountRequest } from '../../canonical/token-count.ts'
import { objectOf } from '../../json/access.ts'
import type { Dialect, OperationDialect } from '../dialect.ts'
import { wholeAnswer } from '../whole-answer.ts'
import { readResponseFacts } from './facts.ts'

const ID = 'anthropic-token-count'

/** Anthropic's token counting: how long a request of `messages`, its chat format, is. */
export const anthropicTokenCount = (messages: Dialect): OperationDialect<TokenCountRequest, TokenCountAnswer> => ({
  ...wholeAnswer,
  id: ID,
  operation: 'token-count',
  endpoints: [{ dialect: ID, method: 'POST', path: '/v1/messages/count_tokens' }],
  losses: countLosses(messages.losses),
  ...(messages.stripForeign === undefined ? {} : { stripForeign: messages.stripForeign }),
  responseFacts: readResponseFacts,
  requestIn(body, facts) {
    // Messages demand a limit of the answer, where there is none to count.
    const { maxTokens: _, ...chat } = messages.requestIn({ ...body, max_tokens: 1 }, facts)
    return { chat, losses: [] }
  },
  requestOut: ({ chat }, model, losses) => countedFields(messages.requestOut(chat, model, losses).body),
  answerIn: (body) => readCount(objectOf(body).input_tokens),
  answerOut: ({ tokens }) => ({ input_tokens: tokens }),
  errorIn: messages.errorIn,
  errorOut: messages.errorOut,
  errorEvent: messages.errorEvent,
})
