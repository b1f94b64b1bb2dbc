import type { HeaderList, JsonObject } from '@konnect/contract'
import { objectOf, objectsOf } from '../json/access.ts'
import type { DialectId } from '../ports.ts'

/** An answer of a vendor, as it documents it. */
interface DocumentedAnswer {
  readonly body: JsonObject
  readonly headers?: HeaderList
}

/** A vendor of embeddings in its own words, as its reference has them. */
export interface EmbeddingVendor {
  readonly name: string
  readonly dialect: DialectId
  readonly model: string
  /** The texts that a request holds, in order. */
  textsIn(sent: JsonObject): unknown[]
  /** The answer with a vector for each text. `tokens` is what it counts. */
  answer(vectors: readonly number[][], tokens: number, sent: JsonObject): DocumentedAnswer
  refusal(message: string): JsonObject
}

const refusedByGoogle = (message: string): JsonObject => ({
  error: { code: 429, message, status: 'RESOURCE_EXHAUSTED' },
})
const refusedWithMessage = (message: string): JsonObject => ({ message })

const base64 = (vector: readonly number[]): string => {
  const bytes = Buffer.alloc(vector.length * 4)
  vector.forEach((value, index) => {
    bytes.writeFloatLE(value, index * 4)
  })
  return bytes.toString('base64')
}

/** The vendors that embed. */
export const EMBEDDING_VENDORS: readonly EmbeddingVendor[] = [
  {
    name: 'OpenAI',
    dialect: 'openai-embeddings',
    model: 'text-embedding-3-small',
    textsIn: (sent) => sent.input as string[],
    // The last comes first: the index is what counts.
    answer: (vectors, tokens, { encoding_format: encoding }) => {
      const data = vectors.map((vector, index) => ({
        object: 'embedding',
        index,
        embedding: encoding === 'base64' ? base64(vector) : [...vector],
      }))
      const usage = { prompt_tokens: tokens, total_tokens: tokens }
      return { body: { object: 'list', data: data.reverse(), model: 'text-embedding-3-small', usage } }
    },
    refusal: (message) => ({ error: { message, type: 'requests', param: null, code: 'rate_limit_exceeded' } }),
  },
  {
    name: 'Gemini',
    dialect: 'gemini-batch-embed',
    model: 'gemini-embedding-001',
    textsIn: (sent) =>
      objectsOf(sent.requests).flatMap(({ content }) => objectsOf(objectOf(content).parts).map(({ text }) => text)),
    answer: (vectors, tokens) => ({
      body: { embeddings: vectors.map((values) => ({ values })), usageMetadata: { promptTokenCount: tokens } },
    }),
    refusal: refusedByGoogle,
  },
  {
    name: 'Cohere',
    dialect: 'cohere-embed',
    model: 'embed-v4.0',
    textsIn: (sent) => sent.texts as string[],
    answer: (vectors, tokens, { texts = [] }) => {
      const meta = { api_version: { version: '2' }, billed_units: { input_tokens: tokens } }
      return {
        body: { id: 'e-1', embeddings: { float: [...vectors] }, texts, meta, response_type: 'embeddings_by_type' },
      }
    },
    refusal: refusedWithMessage,
  },
  {
    name: 'Ollama',
    dialect: 'ollama-embed',
    model: 'nomic-embed-text',
    textsIn: (sent) => sent.input as string[],
    answer: (vectors, tokens) => ({
      body: {
        model: 'nomic-embed-text',
        embeddings: [...vectors],
        total_duration: 14143917,
        prompt_eval_count: tokens,
      },
    }),
    refusal: (message) => ({ error: message }),
  },
  {
    name: 'Vertex AI',
    dialect: 'vertex-embed',
    model: 'text-embedding-005',
    textsIn: (sent) => objectsOf(sent.instances).map(({ content }) => content),
    answer: (vectors, tokens) => {
      // Each text has its own count; the first one's is the rest.
      const countAt = (index: number): number => (index === 0 ? tokens - vectors.length + 1 : 1)
      const predictions = vectors.map((values, index) => ({
        embeddings: { values, statistics: { truncated: false, token_count: countAt(index) } },
      }))
      return { body: { predictions } }
    },
    refusal: refusedByGoogle,
  },
  {
    name: 'Bedrock',
    dialect: 'bedrock-embed',
    model: 'cohere.embed-english-v3',
    textsIn: (sent) => sent.texts as string[],
    answer: (vectors, tokens) => ({
      body: { id: 'e-1', embeddings: { float: [...vectors] }, response_type: 'embeddings_by_type' },
      headers: ['x-amzn-bedrock-input-token-count', String(tokens)],
    }),
    refusal: refusedWithMessage,
  },
]

/** A vendor of rankings in its own words. */
export interface RankingVendor {
  readonly name: string
  readonly dialect: DialectId
  /** How many of the best a request asks for. */
  topIn(sent: JsonObject): unknown
  answer(results: readonly JsonObject[]): JsonObject
  /** What it counts, as it writes it in `answer`. */
  readonly counts: { readonly searchUnits?: number; readonly inputTokens?: number }
  refusal(message: string): JsonObject
}

/** The vendors that rank. */
export const RANKING_VENDORS: readonly RankingVendor[] = [
  {
    name: 'Cohere',
    dialect: 'cohere-rerank',
    topIn: (sent) => sent.top_n,
    answer: (results) => ({
      id: 'r-1',
      results: [...results],
      meta: { api_version: { version: '2' }, billed_units: { search_units: 1 } },
    }),
    counts: { searchUnits: 1 },
    refusal: refusedWithMessage,
  },
  {
    name: 'Voyage',
    dialect: 'voyage-rerank',
    topIn: (sent) => sent.top_k,
    answer: (results) => ({ object: 'list', data: [...results], model: 'rerank-2.5', usage: { total_tokens: 26 } }),
    counts: { inputTokens: 26 },
    refusal: (message) => ({ detail: message }),
  },
  {
    name: 'Jina',
    dialect: 'rerank',
    topIn: (sent) => sent.top_n,
    answer: (results) => ({
      model: 'jina-reranker-v2-base-multilingual',
      usage: { total_tokens: 15 },
      results: results.map((result) => ({ ...result, document: { text: 'as sent' } })),
    }),
    counts: { inputTokens: 15 },
    refusal: (message) => ({ detail: message }),
  },
]
