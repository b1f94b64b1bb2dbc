import { GatewayError, type JsonObject } from '@konnect/contract'
import type { EmbeddingInput, EmbeddingRequest, EmbeddingTask } from '../../canonical/embedding.ts'
import { unknownFields } from '../../canonical/operation.ts'
import { defined, numberOf } from '../../json/access.ts'

const KNOWN: ReadonlySet<string> = new Set(['model', 'input', 'dimensions', 'encoding_format', 'input_type'])

// OpenAI has no tasks. Vendors that follow its format take them in this field, under either of these names.
const TASKS: ReadonlyMap<unknown, EmbeddingTask> = new Map<unknown, EmbeddingTask>([
  ['query', 'query'],
  ['search_query', 'query'],
  ['document', 'document'],
  ['passage', 'document'],
  ['search_document', 'document'],
  ['classification', 'classification'],
  ['clustering', 'clustering'],
])

const invalid = (detail: string) => new GatewayError('invalid_request', { detail })

/** Reads a request. Throws `invalid_request`. */
export function readRequest(body: JsonObject): EmbeddingRequest {
  const task = TASKS.get(body.input_type)
  const isTaskLost = typeof body.input_type === 'string' && task === undefined
  return {
    inputs: readInput(body.input),
    encodings: [readEncoding(body.encoding_format)],
    losses: [...unknownFields(body, KNOWN), ...(isTaskLost ? ['input_type'] : [])],
    ...defined({ dimensions: numberOf(body.dimensions), task }),
  }
}

function readEncoding(value: unknown): 'float' | 'base64' {
  if (value === undefined || value === null || value === 'float') return 'float'
  if (value === 'base64') return value
  throw invalid('"encoding_format" must be "float" or "base64".')
}

// One text, the tokens of one, or a list of either.
function readInput(value: unknown): EmbeddingInput[] {
  if (typeof value === 'string') return [{ type: 'text', text: value }]
  if (!Array.isArray(value) || value.length === 0) throw invalid('"input" must be text, or a list that is not empty.')
  if (value.every(Number.isSafeInteger)) return [{ type: 'tokens', tokens: value }]
  return value.map((entry: unknown) => {
    if (typeof entry === 'string') return { type: 'text', text: entry }
    if (Array.isArray(entry) && entry.length > 0 && entry.every(Number.isSafeInteger)) {
      return { type: 'tokens', tokens: entry }
    }
    throw invalid('Each entry of "input" must be text, or a list of tokens.')
  })
}
