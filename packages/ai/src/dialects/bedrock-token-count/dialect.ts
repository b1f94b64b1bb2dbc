import { countLosses, readCount, type TokenCountAnswer, type TokenCountRequest } from '../../canonical/token-count.ts'
import { objectOf } from '../../json/access.ts'
import { stringifyExact } from '../../json/numbers.ts'
import type { OperationVendorDialect, VendorDialect } from '../dialect.ts'

/** Amazon Bedrock's CountTokens: how long a request of `invoke`, the format of InvokeModel, is. */
export const bedrockTokenCount = (
  invoke: VendorDialect,
): OperationVendorDialect<TokenCountRequest, TokenCountAnswer> => ({
  id: 'bedrock-token-count',
  requestHeaders: ['content-type', 'application/json'],
  losses: countLosses(invoke.losses),
  requestOut({ chat }, model, losses) {
    const body = stringifyExact(invoke.requestOut(chat, model, losses).body)
    return { input: { invokeModel: { body: Buffer.from(body).toString('base64') } } }
  },
  answerIn: (body) => readCount(objectOf(body).inputTokens),
  errorIn: invoke.errorIn,
})
