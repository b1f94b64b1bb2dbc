import { GatewayError } from '@konnect/contract'
import type { RequestFacts } from '../ports.ts'
import { scanTopLevel } from './top-level.ts'

/**
 * The facts of a request whose body names the model and says whether it wants a stream. `fields` are all whose places are
 * needed later, so that the body is scanned once. Throws `invalid_request`.
 */
export function readBodyFacts(bytes: Buffer, fields: readonly string[]): RequestFacts {
  const { values } = scanTopLevel(bytes, fields)
  const span = values.get('model')
  const model: unknown = span && JSON.parse(bytes.toString('utf8', span.start, span.end))
  if (typeof model !== 'string' || model === '') {
    throw new GatewayError('invalid_request', { detail: '"model" must be the name of a model.' })
  }
  const stream = values.get('stream')
  return { model, isStream: stream !== undefined && bytes.toString('latin1', stream.start, stream.end) === 'true' }
}
