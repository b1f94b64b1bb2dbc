import { GatewayError } from '@konnect/contract'
import type { KeyInQuery } from '../ports.ts'

/** Where clients send requests; what follows is the model, a colon and the action. */
export const PATH_PREFIX = '/v1beta/models/'

/** Where clients send their key that do not send the field. */
export const KEY_IN_QUERY: KeyInQuery = { parameter: 'key', header: 'x-goog-api-key' }

const invalid = (detail: string) => new GatewayError('invalid_request', { detail })

/** Model and action that a path names; both empty when it names none. Throws `invalid_request`. */
export function readModelPath(path: string): { readonly model: string; readonly action: string } {
  const rest = path.startsWith(PATH_PREFIX) ? path.slice(PATH_PREFIX.length) : ''
  // Names of models may hold colons themselves.
  const colon = rest.lastIndexOf(':')
  const model = colon < 0 ? '' : decode(rest.slice(0, colon))
  return model === '' ? { model, action: '' } : { model, action: decode(rest.slice(colon + 1)) }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw invalid('The path is not percent-encoded correctly.')
  }
}
