import type { AiTranslator, TranslatedResponse } from '@konnect/ai'
import { GatewayError } from '@konnect/contract'
import type { DirectAnswer } from '@konnect/sdk'
import type { ActiveExchange } from '../exchange/active-exchange.ts'
import type { ModelListRoute } from '../plan/plan.ts'
import { usableNames } from './model-station.ts'

/**
 * The models that the caller may use, or the one that the path names, in the words of the client. Throws
 * `credential_missing`, and `model_not_found` for a name that is not among them.
 */
export function modelsAnswer(exchange: ActiveExchange, route: ModelListRoute, translator: AiTranslator): DirectAnswer {
  const createdAt = exchange.plan?.publishedAt ?? ''
  const names = usableNames(exchange).map(([name]) => name)
  if (!route.isOne) {
    const models = names.map((name) => ({ name, createdAt }))
    return answerOf(translator.renderModels(route.dialect, models))
  }
  const name = nameIn(exchange.request.path.slice(exchange.matchedPath.length + 1))
  if (!names.includes(name)) {
    throw new GatewayError('model_not_found', { detail: `The model "${name.slice(0, 256)}" does not exist.` })
  }
  return answerOf(translator.renderModel(route.dialect, { name, createdAt }))
}

const answerOf = ({ status, contentType, body }: TranslatedResponse): DirectAnswer => ({
  status,
  headers: ['content-type', contentType],
  body,
})

// What is not encoded correctly is no name.
function nameIn(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}
