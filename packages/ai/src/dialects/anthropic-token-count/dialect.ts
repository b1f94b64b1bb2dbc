import { errorEvent, readError, writeError } from '../../anthropic/errors.ts'
import { stripForeign } from '../../anthropic/foreign.ts'
import { COMMON_LOSSES } from '../../loss.ts'
import type { PassingDialect } from '../dialect.ts'
import { wholeAnswer } from '../whole-answer.ts'
import { readResponseFacts } from './facts.ts'

/** Anthropic's token counting: how long a Messages request is. The answer costs nothing, so it has no usage. */
export const anthropicTokenCount: PassingDialect = {
  ...wholeAnswer,
  id: 'anthropic-token-count',
  operation: 'token-count',
  endpoints: [{ dialect: 'anthropic-token-count', method: 'POST', path: '/v1/messages/count_tokens' }],
  losses: COMMON_LOSSES,
  stripForeign,
  responseFacts: readResponseFacts,
  errorIn: readError,
  errorOut: writeError,
  errorEvent,
}
