import {
  canTranslate,
  carrierOf,
  dialectById,
  endpointDialectById,
  endpoints,
  modelLists,
  sessionDialectById,
  spokenDialectById,
  vendorDialectById,
} from './dialects/list.ts'
import { bufferOf } from './json/splice.ts'
import type { AiTranslator } from './ports.ts'
import { convert } from './translation/cross-dialect.ts'
import { passThrough } from './translation/same-dialect.ts'

/** Everything the gateway needs of the AI side. It keeps no state between calls. */
export function createTranslator(): AiTranslator {
  return {
    endpoints,
    canTranslate,
    modelLists,
    readFacts: (dialect, body, path) => spokenDialectById(dialect).readFacts(bufferOf(body), path),
    translate(options) {
      const carrier = carrierOf(options.client, options.vendor)
      if (carrier !== undefined) return passThrough(carrier, options)
      return convert(dialectById(options.client), vendorDialectById(options.vendor), options)
    },
    watchSession: (dialect, onUsage) => sessionDialectById(dialect).watch(onUsage),
    readRefusal: (dialect, status, body) => sessionDialectById(dialect).errorIn(status, bufferOf(body)),
    renderError: (dialect, error, requestId) => endpointDialectById(dialect).errorOut(error, requestId),
    renderModels: (dialect, models) => ({
      status: 200,
      contentType: 'application/json',
      body: Buffer.from(JSON.stringify(dialectById(dialect).modelsOut?.(models) ?? {})),
    }),
  }
}
