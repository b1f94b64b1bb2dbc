import { GatewayError, isJsonObject, type Json, type JsonObject } from '@konnect/contract'
import { unknownFields } from '../canonical/operation.ts'
import type { RankedDocument, RerankAnswer, RerankRequest } from '../canonical/ranking.ts'
import { arrayOf, booleanOf, defined, numberOf, objectOf, textOf } from '../json/access.ts'
import { readSearchUnits, readUsage } from './usage.ts'

const invalid = (detail: string) => new GatewayError('invalid_request', { detail })

const KNOWN: ReadonlySet<string> = new Set([
  'model',
  'query',
  'documents',
  'top_n',
  'top_k',
  'return_documents',
  'max_tokens_per_doc',
  'truncation',
  'rank_fields',
])

/**
 * Reads a request in the words of Cohere, Jina or Voyage, which differ in little: `top_k` and `truncation` are Voyage's.
 * Throws `invalid_request`.
 */
export function readRankingRequest(body: JsonObject): RerankRequest {
  const query = textOf(body.query)
  if (query === undefined) throw invalid('"query" must be text.')
  const rankFields = arrayOf(body.rank_fields).filter((name) => typeof name === 'string')
  const documents = arrayOf(body.documents).map((document) => readDocument(document, rankFields))
  if (documents.length === 0) throw invalid('"documents" must be a list that is not empty.')
  return {
    query,
    documents,
    returnsDocuments: body.return_documents === true,
    readsData: body.top_k !== undefined || body.truncation !== undefined,
    losses: unknownFields(body, KNOWN),
    ...defined({
      topN: readCount(body.top_n ?? body.top_k),
      maxTokensPerDocument: numberOf(body.max_tokens_per_doc),
      truncates: booleanOf(body.truncation),
    }),
  }
}

function readCount(value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined
  if (Number.isSafeInteger(value) && Number(value) > 0) return Number(value)
  throw invalid('The number of documents wanted must be a whole number from 1.')
}

// A document of several fields is ranked by its text, or by the fields that the client names, in their order.
function readDocument(given: unknown, rankFields: readonly string[]): RankedDocument {
  if (typeof given === 'string') return { text: given, given }
  const fields = objectOf(given)
  const named = rankFields.flatMap((name) => (textOf(fields[name]) === undefined ? [] : [`${name}: ${fields[name]}`]))
  const text = named.length > 0 ? named.join('\n') : textOf(fields.text)
  if (text === undefined) throw invalid('Each of "documents" must be text, or an object with "text".')
  return { text, given: fields as Json }
}

/** Reads a ranking: `results`, or `data` as Voyage calls it. Throws `upstream_invalid`. */
export function readRanking(body: unknown): RerankAnswer {
  if (!isJsonObject(body)) throw new GatewayError('upstream_invalid', { reason: 'The answer is no object' })
  const results = arrayOf(body.results ?? body.data).map((entry) => {
    const { index, relevance_score: score } = objectOf(entry)
    if (numberOf(index) === undefined || numberOf(score) === undefined) {
      throw new GatewayError('upstream_invalid', { reason: 'A result has no index or no score' })
    }
    return { index: Number(index), score: Number(score) }
  })
  return { results, usage: readUsage(body), ...defined({ searchUnits: readSearchUnits(body.meta) }) }
}
