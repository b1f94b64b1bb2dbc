import { GoogleGenAI } from '@google/genai'
import type { JsonObject } from '@konnect/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DialectId } from '../ports.ts'
import { EMBEDDING_VENDORS, type EmbeddingVendor, RANKING_VENDORS, type RankingVendor } from './operation-vendors.ts'
import { cohereAt, openaiAt } from './read-chats.ts'
import { startTestGateway, type TestGateway } from './test-gateway.ts'

const TEXTS = ['one', 'twelve', 'a hundred']
const TOKENS = 7
const BUSY = 'Too many requests'

/** A vector that only its own text has, of numbers that 32 bits hold exactly. */
const vectorOf = (text: unknown): number[] => [String(text).length, -0.5, 2 ** -20]

/** What an official client makes of embeddings; formats that count no tokens have none. */
interface Embedded {
  readonly vectors: unknown
  readonly tokens?: number | undefined
}

interface EmbeddingClient {
  readonly name: string
  readonly dialect: DialectId
  readonly countsTokens: boolean
  embed(url: string): Promise<Embedded>
}

const floatsOf = (encoded: unknown): number[] => {
  const bytes = Buffer.from(String(encoded), 'base64')
  return Array.from({ length: bytes.length / 4 }, (_, index) => bytes.readFloatLE(index * 4))
}

const byOpenai = (encoding: 'float' | 'base64' | undefined): EmbeddingClient => ({
  name: `OpenAI (${encoding ?? 'as it likes'})`,
  dialect: 'openai-embeddings',
  countsTokens: true,
  async embed(url) {
    const format = encoding === undefined ? {} : { encoding_format: encoding }
    const { data, usage } = await openaiAt(url).embeddings.create({ model: 'public', input: TEXTS, ...format })
    const sorted = data.sort((a, b) => a.index - b.index).map(({ embedding }) => embedding)
    return { vectors: encoding === 'base64' ? sorted.map(floatsOf) : sorted, tokens: usage.prompt_tokens }
  },
})

const CLIENTS: readonly EmbeddingClient[] = [
  byOpenai(undefined),
  byOpenai('float'),
  byOpenai('base64'),
  {
    name: 'Google',
    dialect: 'gemini-batch-embed',
    countsTokens: false,
    async embed(url) {
      const { models } = new GoogleGenAI({ apiKey: 'key', httpOptions: { baseUrl: url, timeout: 5000 } })
      const { embeddings } = await models.embedContent({ model: 'public', contents: TEXTS })
      return { vectors: embeddings?.map(({ values }) => values) }
    },
  },
  {
    name: 'Cohere',
    dialect: 'cohere-embed',
    countsTokens: true,
    async embed(url) {
      const { embeddings, meta } = await cohereAt(url).v2.embed({
        model: 'public',
        inputType: 'search_document',
        embeddingTypes: ['float'],
        texts: TEXTS,
      })
      return { vectors: embeddings.float, tokens: meta?.billedUnits?.inputTokens }
    },
  },
]

/** Status and words of what a client throws. */
const thrown = async (answer: Promise<unknown>) => {
  const error: unknown = await answer.then(
    () => {
      throw new Error('The client was not told')
    },
    (reason: unknown) => reason,
  )
  const { status, statusCode, message } = error as { status?: number; statusCode?: number; message: string }
  return { status: status ?? statusCode, message }
}

const json = (status: number, body: JsonObject) => ({
  status,
  contentType: 'application/json',
  body: Buffer.from(JSON.stringify(body)),
})

let gateway: TestGateway
beforeAll(async () => {
  gateway = await startTestGateway()
})
afterAll(() => gateway.close())

const isTranslated = (client: { readonly dialect: DialectId }, vendor: { readonly dialect: DialectId }): boolean =>
  client.dialect !== vendor.dialect

describe('embeddings, read by official clients', () => {
  const pairs = CLIENTS.flatMap((client) =>
    EMBEDDING_VENDORS.map((vendor) => [client.name, vendor.name, client, vendor] as const),
  )
  const translated = pairs.filter(([, , client, vendor]) => isTranslated(client, vendor))

  function serve({ dialect, model, textsIn, answer }: EmbeddingVendor, count = TEXTS.length): void {
    gateway.vendor = {
      dialect,
      model,
      answer(sent) {
        const { body, headers = [] } = answer(textsIn(sent).slice(0, count).map(vectorOf), TOKENS, sent)
        return { ...json(200, body), headers }
      },
    }
  }

  it.each(pairs)(
    'client of %s, vendor %s: each text has its own vector, in order, and tokens count',
    async (...row) => {
      const [, , client, vendor] = row
      serve(vendor)
      const { vectors, tokens } = await client.embed(gateway.url)
      expect(vectors).toEqual(TEXTS.map(vectorOf))
      expect(vendor.textsIn(gateway.wire?.sent ?? {})).toEqual(TEXTS)
      expect(tokens).toBe(client.countsTokens ? TOKENS : undefined)
      expect(gateway.wire?.facts.usage?.inputTokens).toBe(TOKENS)
    },
  )

  it.each(pairs)('client of %s, vendor %s: the error of the vendor is told with its status', async (...row) => {
    const [, , client, { dialect, model, refusal }] = row
    gateway.vendor = { dialect, model, answer: () => json(429, refusal(BUSY)) }
    const { status, message } = await thrown(client.embed(gateway.url))
    expect(status).toBe(429)
    expect(message).toContain(BUSY)
  })

  it.each(translated)('client of %s, vendor %s: too few vectors are an error, not a short list', async (...row) => {
    const [, , client, vendor] = row
    serve(vendor, TEXTS.length - 1)
    expect(await thrown(client.embed(gateway.url))).toMatchObject({ status: 502 })
    expect(gateway.wire?.facts.error).toMatchObject({ code: 'upstream_invalid' })
  })
})

describe('rankings, read by the official client of Cohere', () => {
  const client = { dialect: 'cohere-rerank' }
  const DOCUMENTS = ['sunny', 'rainy', 'foggy']
  const rank = () => cohereAt(gateway.url).v2.rerank({ model: 'public', query: 'rain', documents: DOCUMENTS, topN: 2 })
  const vendors = RANKING_VENDORS.map((vendor) => [vendor.name, vendor] as const)
  const others = vendors.filter(([, vendor]) => isTranslated(client, vendor))

  function serve(vendor: RankingVendor, results: readonly JsonObject[]): void {
    gateway.vendor = { dialect: vendor.dialect, model: 'theirs', answer: () => json(200, vendor.answer(results)) }
  }
  const BEST = [
    { index: 1, relevance_score: 0.9375 },
    { index: 2, relevance_score: -0.5 },
  ]

  it.each(vendors)('vendor %s: places, scores and counts are the same, best first', async (_name, vendor) => {
    serve(vendor, isTranslated(client, vendor) ? BEST.toReversed() : BEST)
    const { results, meta } = await rank()
    expect(results).toEqual([
      { index: 1, relevanceScore: 0.9375 },
      { index: 2, relevanceScore: -0.5 },
    ])
    expect(meta?.billedUnits).toEqual(vendor.counts)
    const sent = gateway.wire?.sent ?? {}
    expect([vendor.topIn(sent), sent.query, sent.documents]).toEqual([2, 'rain', DOCUMENTS])
  })

  it.each(vendors)('vendor %s: its error is told with its status', async (_name, { dialect, refusal }) => {
    gateway.vendor = { dialect, model: 'theirs', answer: () => json(429, refusal(BUSY)) }
    const { status, message } = await thrown(rank())
    expect(status).toBe(429)
    expect(message).toContain(BUSY)
  })

  it.each(others)('vendor %s: a ranking of what nobody sent is an error', async (_name, vendor) => {
    for (const results of [[], [{ index: 3, relevance_score: 1 }], [...BEST, ...BEST]]) {
      serve(vendor, results)
      expect(await thrown(rank())).toMatchObject({ status: 502 })
      expect(gateway.wire?.facts.error).toMatchObject({ code: 'upstream_invalid' })
    }
  })
})
