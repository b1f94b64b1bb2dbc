import type { JsonObject } from '@konnect/contract'
import type { StreamForm } from './dialects/dialect.ts'
import {
  canTranslate,
  carrierOf,
  dialectAt,
  dialectById,
  endpointDialectById,
  endpoints,
  modelLists,
  operationOf,
  sessionDialectById,
  spokenDialectById,
  vendorDialectById,
} from './dialects/list.ts'
import { bufferOf } from './json/splice.ts'
import type { AiTranslator, TranslatedResponse, Translation, TranslationOptions } from './ports.ts'
import { takingCollected } from './translation/collected-stream.ts'
import { convert } from './translation/cross-dialect.ts'
import { passThrough } from './translation/same-dialect.ts'

/** Everything the gateway needs of the AI side. It keeps no state between calls. */
export function createTranslator(): AiTranslator {
  return {
    endpoints,
    dialectAt,
    canTranslate,
    modelLists,
    readFacts: (dialect, body, path) => spokenDialectById(dialect).readFacts(bufferOf(body), path),
    translate(options) {
      const translation = translate(options)
      const form = streamFormOf(options)
      const formed =
        form === undefined
          ? translation
          : {
              ...translation,
              streamTypeFor: () => form.contentType,
              stream: () => form.reshape(translation.stream()),
            }
      return options.facts.isStream ? takingCollected(formed) : formed
    },
    sessionSetup: (dialect) => sessionDialectById(dialect).setup,
    watchSession: (dialect, onUsage) => sessionDialectById(dialect).watch(onUsage),
    readRefusal: (dialect, status, body) => sessionDialectById(dialect).errorIn(status, bufferOf(body)),
    renderError: (dialect, error, requestId) => endpointDialectById(dialect).errorOut(error, requestId),
    renderModels: (dialect, models) => rendered(dialectById(dialect).modelsOut?.(models)),
    renderModel: (dialect, model) => rendered(dialectById(dialect).modelOut?.(model)),
  }
}

function translate(options: TranslationOptions): Translation {
  const carrier = carrierOf(options.client, options.vendor)
  if (carrier !== undefined) return passThrough(carrier, options)
  const operation = operationOf(options.client, options.vendor)
  if (operation !== undefined) return operation.convert(options)
  return convert(dialectById(options.client), vendorDialectById(options.vendor), options)
}

const streamFormOf = ({ client, facts, query }: TranslationOptions): StreamForm | undefined =>
  facts.isStream && query !== undefined ? spokenDialectById(client).streamForm?.(query) : undefined

const rendered = (body: JsonObject = {}): TranslatedResponse => ({
  status: 200,
  contentType: 'application/json',
  body: Buffer.from(JSON.stringify(body)),
})
