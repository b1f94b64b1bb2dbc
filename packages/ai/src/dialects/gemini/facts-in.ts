import { GatewayError } from '@konnect/contract'
import { scanTopLevel } from '../../json/top-level.ts'
import type { RequestFacts } from '../../ports.ts'

/** Where clients send requests; what follows is the model, a colon and the action. */
export const PATH_PREFIX = '/v1beta/models/'

const SCANNED_FIELDS: readonly string[] = ['contents']
const ACTIONS: ReadonlyMap<string, boolean> = new Map([
  ['generateContent', false],
  ['streamGenerateContent', true],
])

const invalid = (detail: string) => new GatewayError('invalid_request', { detail })

/** Reads model and action from the path, and checks that the body is a JSON object. Throws `invalid_request` or `malformed_json`. */
export function readFacts(body: Buffer, path: string): RequestFacts {
  const rest = path.startsWith(PATH_PREFIX) ? path.slice(PATH_PREFIX.length) : ''
  // Names of models may hold colons themselves.
  const colon = rest.lastIndexOf(':')
  const model = colon < 0 ? '' : decode(rest.slice(0, colon))
  if (model === '') throw invalid(`The path must be ${PATH_PREFIX}{model}:generateContent.`)
  const action = decode(rest.slice(colon + 1))
  const isStream = ACTIONS.get(action)
  if (isStream === undefined) {
    throw invalid(`The action "${action.slice(0, 64)}" is not served here: only ${[...ACTIONS.keys()].join(' and ')}.`)
  }
  scanTopLevel(body, SCANNED_FIELDS)
  return { model, isStream }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw invalid('The path is not percent-encoded correctly.')
  }
}
