import { GatewayError, type Json } from '@konnect/contract'
import type { OperationAnswer, OperationRequest } from './operation.ts'

/** One document to rank. */
export interface RankedDocument {
  readonly text: string
  /** As the client wrote it: what it gets back where it asks for documents. */
  readonly given: Json
}

/** A request to rank documents by a query, in terms that belong to no vendor. */
export interface RerankRequest extends OperationRequest {
  readonly query: string
  readonly documents: readonly RankedDocument[]
  /** How many of the best the client wants. Undefined: all. */
  readonly topN?: number
  /** The client wants the documents back beside their scores. */
  readonly returnsDocuments: boolean
  readonly maxTokensPerDocument?: number
  /** Whether text that is too long is cut off; otherwise it is refused. Undefined: as the vendor likes. */
  readonly truncates?: boolean
  /** The client reads the ranking under `data`, which is Voyage's name for it, and not under `results`. */
  readonly readsData: boolean
}

/** One document's place among the client's, and its score. */
export interface RerankResult {
  readonly index: number
  readonly score: number
}

/** A ranking in terms that belong to no vendor. */
export interface RerankAnswer extends OperationAnswer {
  readonly results: readonly RerankResult[]
  /** What some vendors bill in place of tokens. */
  readonly searchUnits?: number
}

/**
 * The ranking, best first and no longer than was asked for. Throws `upstream_invalid` when it ranks nothing, something
 * that the client did not send, or one document twice.
 */
export function settleRanking(answer: RerankAnswer, { documents, topN }: RerankRequest): RerankAnswer {
  const places = new Set(answer.results.map(({ index }) => index))
  const isSound = places.size > 0 && places.size === answer.results.length
  if (!isSound || [...places].some((index) => documents[index] === undefined)) {
    throw new GatewayError('upstream_invalid', { reason: 'The ranking does not fit the documents' })
  }
  const results = [...answer.results].sort((a, b) => b.score - a.score).slice(0, topN)
  return { ...answer, results }
}
