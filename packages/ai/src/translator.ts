import { GatewayError } from '@konnect/contract'
import { dialectById, endpoints, modelLists } from './dialects/list.ts'
import { bufferOf } from './json/splice.ts'
import { scanTopLevel } from './json/top-level.ts'
import type { AiTranslator, DialectId, RequestFacts } from './ports.ts'
import { convert } from './translation/cross-dialect.ts'
import { passThrough } from './translation/same-dialect.ts'

/** Everything the gateway needs of the AI side. It keeps no state between calls. */
export function createTranslator(): AiTranslator {
  return {
    endpoints,
    modelLists,
    readFacts,
    translate(options) {
      const client = dialectById(options.client)
      if (options.client === options.vendor) return passThrough(client, options)
      return convert(client, dialectById(options.vendor), options)
    },
    renderError: (dialect, error, requestId) => dialectById(dialect).errorOut(error, requestId),
    renderModels: (dialect, models) => ({
      status: 200,
      contentType: 'application/json',
      body: Buffer.from(JSON.stringify(dialectById(dialect).modelsOut(models))),
    }),
  }
}

function readFacts(dialect: DialectId, body: Uint8Array): RequestFacts {
  const bytes = bufferOf(body)
  const { values } = scanTopLevel(bytes, dialectById(dialect).scannedFields)
  const span = values.get('model')
  const model: unknown = span && JSON.parse(bytes.toString('utf8', span.start, span.end))
  if (typeof model !== 'string' || model === '') {
    throw new GatewayError('invalid_request', { detail: '"model" must be the name of a model.' })
  }
  const stream = values.get('stream')
  return { model, isStream: stream !== undefined && bytes.toString('latin1', stream.start, stream.end) === 'true' }
}
