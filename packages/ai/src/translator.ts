import { dialectById, endpoints, modelLists, vendorDialectById } from './dialects/list.ts'
import { bufferOf } from './json/splice.ts'
import type { AiTranslator } from './ports.ts'
import { convert } from './translation/cross-dialect.ts'
import { passThrough } from './translation/same-dialect.ts'

/** Everything the gateway needs of the AI side. It keeps no state between calls. */
export function createTranslator(): AiTranslator {
  return {
    endpoints,
    modelLists,
    readFacts: (dialect, body, path) => dialectById(dialect).readFacts(bufferOf(body), path),
    translate(options) {
      const client = dialectById(options.client)
      if (options.client === options.vendor) return passThrough(client, options)
      return convert(client, vendorDialectById(options.vendor), options)
    },
    renderError: (dialect, error, requestId) => dialectById(dialect).errorOut(error, requestId),
    renderModels: (dialect, models) => ({
      status: 200,
      contentType: 'application/json',
      body: Buffer.from(JSON.stringify(dialectById(dialect).modelsOut(models))),
    }),
  }
}
