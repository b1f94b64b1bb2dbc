import { GatewayError, isJsonObject, type JsonObject } from '@konnect/contract'
import {
  dropTitles,
  type EmbeddingRequest,
  type EmbeddingTask,
  type EmbeddingVector,
  limitInputs,
  readVectors,
  textsOf,
} from '../canonical/embedding.ts'
import { compact } from '../json/access.ts'
import type { LossRecorder } from '../loss.ts'

/** Most texts of one request, at Cohere and where its models run elsewhere. */
const MAX_TEXTS = 96

const TASKS: Readonly<Record<EmbeddingTask, readonly [name: string, isExact: boolean]>> = {
  query: ['search_query', true],
  document: ['search_document', true],
  classification: ['classification', true],
  clustering: ['clustering', true],
  similarity: ['clustering', false],
  question_answering: ['search_query', false],
  fact_verification: ['search_query', false],
  code_query: ['search_query', false],
}

// Models before version 4 have vectors of one length.
const ONE_LENGTH = /embed-(?:english|multilingual)/

/**
 * Writes what requests for Cohere's embedding models have in common wherever they run. The task is compulsory there; text
 * without one is taken for a document. Throws `unsupported_feature` for tokens and for too many texts.
 */
export function writeTexts(request: EmbeddingRequest, model: string, losses: LossRecorder): JsonObject {
  limitInputs(request, MAX_TEXTS)
  dropTitles(request, losses)
  const [task, isExact] = TASKS[request.task ?? 'document']
  if (!isExact) losses.drop('input_type')
  const hasOneLength = ONE_LENGTH.test(model)
  if (hasOneLength && request.dimensions !== undefined) losses.drop('dimensions')
  return compact({
    texts: textsOf(request),
    input_type: task,
    embedding_types: ['float'],
    output_dimension: hasOneLength ? undefined : request.dimensions,
    truncate: request.truncate?.toUpperCase(),
  })
}

/** Reads vectors: by type, or as a bare list where no type was asked for. Throws `upstream_invalid`. */
export function readVectorAnswer(body: unknown): { readonly vectors: readonly EmbeddingVector[] } {
  const embeddings = isJsonObject(body) ? body.embeddings : undefined
  const floats = isJsonObject(embeddings) ? embeddings.float : embeddings
  if (!Array.isArray(floats)) throw new GatewayError('upstream_invalid', { reason: 'The answer holds no vectors' })
  return { vectors: readVectors(floats) }
}
