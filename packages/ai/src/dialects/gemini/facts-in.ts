import { GatewayError } from '@konnect/contract'
import { PATH_PREFIX, readModelPath } from '../../google/model-path.ts'
import { scanTopLevel } from '../../json/top-level.ts'
import type { RequestFacts } from '../../ports.ts'

const SCANNED_FIELDS: readonly string[] = ['contents']
const ACTIONS: ReadonlyMap<string, boolean> = new Map([
  ['generateContent', false],
  ['streamGenerateContent', true],
])

const invalid = (detail: string) => new GatewayError('invalid_request', { detail })

/** Reads model and action from the path, and checks that the body is a JSON object. Throws `invalid_request` or `malformed_json`. */
export function readFacts(body: Buffer, path: string): RequestFacts {
  const { model, action } = readModelPath(path)
  if (model === '') throw invalid(`The path must be ${PATH_PREFIX}{model}:generateContent.`)
  const isStream = ACTIONS.get(action)
  if (isStream === undefined) {
    throw invalid(`The action "${action.slice(0, 64)}" is not served here: only ${[...ACTIONS.keys()].join(' and ')}.`)
  }
  scanTopLevel(body, SCANNED_FIELDS)
  return { model, isStream }
}
