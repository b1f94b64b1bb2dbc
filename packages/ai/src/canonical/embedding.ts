import { endianness } from 'node:os'
import { GatewayError } from '@konnect/contract'
import type { LossRecorder } from '../loss.ts'
import type { OperationAnswer, OperationRequest } from './operation.ts'

/** What a vector is meant for. Models that know tasks embed a query otherwise than a document. */
export const EMBEDDING_TASKS = [
  'query',
  'document',
  'similarity',
  'classification',
  'clustering',
  'question_answering',
  'fact_verification',
  'code_query',
] as const
export type EmbeddingTask = (typeof EMBEDDING_TASKS)[number]

/** One text to embed; the tokens of one, which only their own vendor can read. */
export type EmbeddingInput =
  | { readonly type: 'text'; readonly text: string; readonly title?: string }
  | { readonly type: 'tokens'; readonly tokens: readonly number[] }

/** How a client wants its vectors written: numbers, or the bytes of little-endian 32-bit floats in base64. */
export type VectorEncoding = 'float' | 'base64'

/** A request for embeddings in terms that belong to no vendor. */
export interface EmbeddingRequest extends OperationRequest {
  readonly inputs: readonly EmbeddingInput[]
  readonly dimensions?: number
  readonly task?: EmbeddingTask
  /** Which end of a text that is too long is cut off; `none`: it is refused. Undefined: as the vendor likes. */
  readonly truncate?: 'start' | 'end' | 'none'
  /** Never empty. */
  readonly encodings: readonly VectorEncoding[]
}

/** One vector, and the place of its input. */
export interface EmbeddingVector {
  readonly index: number
  readonly values: number[]
}

/** Vectors in terms that belong to no vendor. */
export interface EmbeddingAnswer extends OperationAnswer {
  readonly vectors: readonly EmbeddingVector[]
}

/** The answer with its vectors in the order of the inputs. Throws `upstream_invalid` unless each input has exactly one. */
export function settleEmbeddings(answer: EmbeddingAnswer, request: EmbeddingRequest): EmbeddingAnswer {
  const vectors = [...answer.vectors].sort((a, b) => a.index - b.index)
  const count = request.inputs.length
  if (vectors.length !== count || vectors.some(({ index }, place) => index !== place)) {
    throw new GatewayError('upstream_invalid', { reason: `${vectors.length} vectors came for ${count} inputs` })
  }
  return { ...answer, vectors }
}

/** The numbers of one vector. Throws `upstream_invalid` when it is no list of numbers. */
export function readVector(value: unknown): number[] {
  if (!Array.isArray(value) || value.length === 0 || !value.every(Number.isFinite)) {
    throw new GatewayError('upstream_invalid', { reason: 'A vector is no list of numbers' })
  }
  return value
}

/** The vectors of a list that is in the order of the inputs. Throws `upstream_invalid` when one is none. */
export const readVectors = (values: readonly unknown[]): EmbeddingVector[] =>
  values.map((value, index) => ({ index, values: readVector(value) }))

/** A vector as the bytes of little-endian 32-bit floats (IEEE 754), in base64. */
export function base64Of(values: readonly number[]): string {
  const bytes = Buffer.from(new Float32Array(values).buffer)
  return (endianness() === 'BE' ? bytes.swap32() : bytes).toString('base64')
}

/** A vector as the client wants it written. */
export const writeVector = (values: number[], encoding: VectorEncoding): string | number[] =>
  encoding === 'base64' ? base64Of(values) : values

/** The texts to embed. Throws `unsupported_feature` for tokens, which no other vendor can turn back into text. */
export function textsOf(request: EmbeddingRequest): string[] {
  return request.inputs.map((input) => {
    if (input.type === 'text') return input.text
    throw new GatewayError('unsupported_feature', {
      detail: 'The chosen model cannot read tokens of another one: "input" must be text.',
    })
  })
}

/** Throws `unsupported_feature` when a request holds more inputs than one request to the vendor may. */
export function limitInputs({ inputs }: EmbeddingRequest, most: number): void {
  if (inputs.length <= most) return
  throw new GatewayError('unsupported_feature', {
    detail: `The chosen model embeds at most ${most} inputs at a time; the request holds ${inputs.length}.`,
  })
}

/** Notes titles as lost, for vendors that embed nothing but the text. */
export function dropTitles({ inputs }: EmbeddingRequest, losses: LossRecorder): void {
  if (inputs.some((input) => input.type === 'text' && input.title !== undefined)) losses.drop('title')
}
