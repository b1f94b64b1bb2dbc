import { GatewayError } from '@konnect/contract'
import type { RequestFacts } from '../ports.ts'
import { scanTopLevel } from './top-level.ts'

const FIELDS = ['model', 'stream']

/** The facts of a request whose body names the model and says whether it wants a stream. Throws `invalid_request`. */
export function readBodyFacts(bytes: Buffer): RequestFacts {
  const { values } = scanTopLevel(bytes, FIELDS)
  const span = values.get('model')
  const model: unknown = span && JSON.parse(bytes.toString('utf8', span.start, span.end))
  if (typeof model !== 'string' || model === '') {
    throw new GatewayError('invalid_request', { detail: '"model" must be the name of a model.' })
  }
  const stream = values.get('stream')
  return { model, isStream: stream !== undefined && bytes.toString('latin1', stream.start, stream.end) === 'true' }
}
