import {
  canTranslate,
  dialectById,
  endpoints,
  modelLists,
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
      if (options.client === options.vendor) return passThrough(spokenDialectById(options.client), options)
      return convert(dialectById(options.client), vendorDialectById(options.vendor), options)
    },
    renderError: (dialect, error, requestId) => spokenDialectById(dialect).errorOut(error, requestId),
    renderModels: (dialect, models) => ({
      status: 200,
      contentType: 'application/json',
      body: Buffer.from(JSON.stringify(dialectById(dialect).modelsOut?.(models) ?? {})),
    }),
  }
}
