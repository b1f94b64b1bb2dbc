import { GatewayError, type JsonObject } from '@konnect/contract'
import type { EmbeddingRequest, EmbeddingTask, VectorEncoding } from '../../canonical/embedding.ts'
import { unknownFields } from '../../canonical/operation.ts'
import { arrayOf, defined, numberOf, objectOf, objectsOf, textOf } from '../../json/access.ts'

const KNOWN: ReadonlySet<string> = new Set([
  'model',
  'texts',
  'images',
  'inputs',
  'input_type',
  'embedding_types',
  'output_dimension',
  'truncate',
])

const TASKS: ReadonlyMap<unknown, EmbeddingTask> = new Map<unknown, EmbeddingTask>([
  ['search_query', 'query'],
  ['search_document', 'document'],
  ['classification', 'classification'],
  ['clustering', 'clustering'],
])

const CUTS: ReadonlyMap<unknown, 'start' | 'end' | 'none'> = new Map<unknown, 'start' | 'end' | 'none'>([
  ['START', 'start'],
  ['END', 'end'],
  ['NONE', 'none'],
])

/** Reads a request. Throws `invalid_request`, and `unsupported_feature` for images. */
export function readRequest(body: JsonObject): EmbeddingRequest {
  const types = arrayOf(body.embedding_types).filter((type) => typeof type === 'string')
  const encodings = types.filter((type): type is VectorEncoding => type === 'float' || type === 'base64')
  const lost = types.filter((type) => type !== 'float' && type !== 'base64')
  return {
    inputs: readTexts(body).map((text) => ({ type: 'text', text })),
    encodings: encodings.length === 0 ? ['float'] : encodings,
    losses: [...unknownFields(body, KNOWN), ...lost.map((type) => `embedding_types.${type}`)],
    ...defined({
      task: TASKS.get(body.input_type),
      truncate: CUTS.get(body.truncate),
      dimensions: numberOf(body.output_dimension),
    }),
  }
}

function readTexts(body: JsonObject): string[] {
  if (arrayOf(body.images).length > 0) throw noImages()
  const texts = [...arrayOf(body.texts), ...objectsOf(body.inputs).map(({ content }) => joinContent(content))]
  if (texts.length === 0 || !texts.every((text) => typeof text === 'string')) {
    throw new GatewayError('invalid_request', { detail: '"texts" must be a list of texts that is not empty.' })
  }
  return texts
}

function joinContent(content: unknown): string {
  return arrayOf(content)
    .map((part) => {
      const text = textOf(objectOf(part).text)
      if (text === undefined) throw noImages()
      return text
    })
    .join('\n')
}

const noImages = () => new GatewayError('unsupported_feature', { detail: 'The chosen model embeds text only.' })
