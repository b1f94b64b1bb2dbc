import { countedFields } from '../../anthropic/counted-fields.ts'
import { countLosses, readCount, type TokenCountAnswer, type TokenCountRequest } from '../../canonical/token-count.ts'
import { objectOf } from '../../json/access.ts'
import type { OperationVendorDialect, VendorDialect } from '../dialect.ts'

/**
 * Vertex AI's counting for Anthropic's models: a request of `rawPredict` to a model that only counts, so the body names the
 * one that is meant.
 */
export const vertexAnthropicTokenCount = (
  rawPredict: VendorDialect,
): OperationVendorDialect<TokenCountRequest, TokenCountAnswer> => ({
  id: 'vertex-anthropic-token-count',
  requestHeaders: rawPredict.requestHeaders,
  losses: countLosses(rawPredict.losses),
  requestOut({ chat }, model, losses) {
    const { body } = rawPredict.requestOut(chat, model, losses)
    return { ...countedFields(body), model: nameOf(model), anthropic_version: body.anthropic_version ?? null }
  },
  answerIn: (body) => readCount(objectOf(body).input_tokens),
  errorIn: rawPredict.errorIn,
})

const nameOf = (model: string): string => model.slice(model.lastIndexOf('/') + 1)
