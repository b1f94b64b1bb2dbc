import type { AiTranslator, RequestFacts, Translation } from '@konnect/ai'
import type { ActiveExchange } from '../exchange/active-exchange.ts'
import { type AnsweredBy, pinnedTranslation } from '../pinned/pinned-answer.ts'

/** What a client asked. */
export interface Asked {
  readonly translator: AiTranslator
  readonly body: Uint8Array
  readonly facts: RequestFacts | undefined
}

/** The request as one deployment understands it. Throws `invalid_request` or, when strict, `unsupported_feature`. */
export function translatedRequest(exchange: ActiveExchange, asked: Asked, by: AnsweredBy): Translation {
  const { translator, body, facts = { model: '', isStream: false } } = asked
  const { client, deployment, address, model } = by
  const translation = translator.translate({
    client,
    vendor: address.dialect,
    body,
    headers: exchange.request.headers,
    query: exchange.request.query,
    facts,
    upstreamModel: deployment.model,
    publicModel: model?.name ?? '',
    isStrict: model?.isStrict ?? false,
    requestId: exchange.id,
    fields: deployment.fields,
  })
  return pinnedTranslation(translation, exchange, by)
}
