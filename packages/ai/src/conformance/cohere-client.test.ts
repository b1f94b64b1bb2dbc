import { CohereError } from 'cohere-ai'
import { APIError } from 'openai'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import type { DialectId } from '../ports.ts'
import { loadRecordingsAt, loadRecordingsOf } from './operation-recordings.ts'
import { chatByAnthropic, chatByCohere, chatByOpenai, cohereAt, openaiAt } from './read-chats.ts'
import { missingRecordings, type Recording } from './recordings.ts'
import { serve } from './relay.ts'
import { SPLIT_SEED } from './splits.ts'
import { startTestGateway, type TestGateway } from './test-gateway.ts'

const holds = (field: string) => (recording: Recording) =>
  recording.status < 400 && recording.body.toString('utf8', 0, 400).includes(`"${field}":`)
const isRefused = ({ status }: Recording): boolean => status >= 400

const atChat = loadRecordingsOf('cohere-chat')
const atEmbed = loadRecordingsAt('/v1/embed')
const embeddings = [...atChat, ...atEmbed].filter(holds('embeddings'))
const rankings = atChat.filter(holds('results'))
const chats = atChat.filter((one) => !isRefused(one) && !embeddings.includes(one) && !rankings.includes(one))
const followers = loadRecordingsOf('rerank').filter(holds('results'))

const COUNTS = { chats: 14, streams: 12, embeddings: 5, rankings: 1, followers: 4, refused: 2 }
const counts = Object.entries(COUNTS).map(([name, count]) => `${count} ${name}`)

const named = (all: readonly Recording[]) =>
  all.map((one) => [`rec-${one.id}${one.stream ? ' stream' : ''}`, one] as const)

describe.skipIf(missingRecordings !== undefined)(
  `recorded answers of Cohere's, read by its official client${missingRecordings ? ` (${missingRecordings})` : ''}`,
  () => {
    let server: Awaited<ReturnType<typeof serve>>
    let gateway: TestGateway
    beforeAll(async () => {
      server = await serve()
      gateway = await startTestGateway()
    })
    afterEach(() => vi.restoreAllMocks())
    afterAll(() => Promise.all([server.close(), gateway.close()]))

    /** What a client gets of a recording straight from the vendor, and what one gets through the gateway. */
    async function both<D, T>(
      { status, ctype, body }: Recording,
      dialect: DialectId,
      ask: { readonly direct: (url: string) => Promise<D>; readonly through: (url: string) => Promise<T> },
    ) {
      server.answer({ status, contentType: ctype, body, facts: NO_FACTS })
      const direct = await ask.direct(server.url)
      gateway.vendor = { dialect, model: 'upstream', answer: () => ({ status, contentType: ctype, body }) }
      const through = await ask.through(gateway.url)
      return { direct, through }
    }

    it(`are all there: ${counts.join(', ')}`, () => {
      expect({
        chats: chats.filter(({ stream }) => !stream).length,
        streams: chats.filter(({ stream }) => stream).length,
        embeddings: embeddings.length,
        rankings: rankings.length,
        followers: followers.length,
        refused: [...atChat, ...atEmbed].filter(isRefused).length,
      }).toEqual(COUNTS)
      expect(atChat.length + atEmbed.length).toBe(34)
    })

    const asks = [
      ['OpenAI', chatByOpenai],
      ['Anthropic', chatByAnthropic],
    ] as const

    it.each(asks.flatMap(([client, ask]) => named(chats).map(([name, one]) => [name, client, one, ask] as const)))(
      '%s: text, calls, tokens and finish reason are the same for the client of %s, wherever the stream is cut',
      async (_name, _client, recording, ask) => {
        const { direct, through } = await both(recording, 'cohere-chat', {
          direct: (url) => chatByCohere(url, recording.stream),
          through: (url) => ask(url, recording.stream),
        })
        expect(through).toEqual(direct)
        expect(direct.text.length + direct.tools.length).toBeGreaterThan(0)
        expect(direct.tokens).toEqual([expect.any(Number), expect.any(Number)])
        expect(direct.finish).toBeDefined()
        expect(gateway.wire?.unsteady, `SPLIT_SEED=${SPLIT_SEED}`).toEqual([])
      },
    )

    it('name the citations that a client does not get, and nothing where there are none', async () => {
      const lost: string[] = []
      for (const [name, recording] of named(chats)) {
        await both(recording, 'cohere-chat', {
          direct: async () => undefined,
          through: (url) => chatByOpenai(url, recording.stream),
        })
        const dropped = gateway.wire?.facts.dropped ?? []
        if (dropped.length > 0) lost.push(name)
        const isCited = /"type":\s*"citation-start"|"citations":\s*\[\s*\{/.test(recording.body.toString())
        expect(dropped, name).toEqual(isCited ? ['answer.citations'] : [])
      }
      expect(lost.length).toBeGreaterThan(0)
    })

    it.each(named(embeddings))('%s: embeddings are deeply equal', async (_name, recording) => {
      // The client warns of vectors that are not sorted by type, as version 1 answers.
      vi.spyOn(console, 'warn').mockReturnValue()
      const embed = (url: string) =>
        cohereAt(url).v2.embed({
          model: 'public',
          inputType: 'search_document',
          embeddingTypes: ['float'],
          texts: Array.from({ length: vectorsIn(recording).length }, () => 'Hello'),
        })
      const { direct, through } = await both(recording, 'cohere-embed', { direct: embed, through: embed })
      expect(through).toEqual(direct)
    })

    it.each(named(embeddings))(
      '%s: vectors and tokens are the same for the client of OpenAI',
      async (_name, recording) => {
        const texts = Array.from({ length: vectorsIn(recording).length }, () => 'Hello')
        const { direct, through } = await both(recording, 'cohere-embed', {
          direct: (url) => cohereAt(url).embed({ model: 'public', inputType: 'search_document', texts }),
          through: (url) =>
            openaiAt(url).embeddings.create({ model: 'public', input: texts, encoding_format: 'float' }),
        })
        const vectors = Array.isArray(direct.embeddings) ? direct.embeddings : direct.embeddings.float
        expect(through.data.map(({ embedding }) => embedding)).toEqual(vectors)
        expect(vectors).toEqual(vectorsIn(recording))
        expect(through.usage.prompt_tokens).toBe(direct.meta?.billedUnits?.inputTokens ?? 0)
      },
    )

    it.each(named(rankings))('%s: the ranking is deeply equal', async (_name, recording) => {
      const rank = (url: string) => cohereAt(url).v2.rerank(RANKED)
      const { direct, through } = await both(recording, 'cohere-rerank', { direct: rank, through: rank })
      expect(through).toEqual(direct)
      expect(direct.results.map(({ index }) => index)).toEqual([1, 0])
      const other = await both(recording, 'rerank', { direct: rank, through: rank })
      expect(other.through.results).toEqual(direct.results)
      expect(other.through.meta).toEqual(direct.meta)
    })

    it.each(named(followers))(
      '%s of a follower: the ranking is the same in both versions',
      async (_name, recording) => {
        const direct = (url: string) => cohereAt(url).rerank(RANKED)
        const first = await both(recording, 'rerank', { direct, through: direct })
        expect(first.through).toEqual(first.direct)
        const second = await both(recording, 'rerank', { direct, through: (url) => cohereAt(url).v2.rerank(RANKED) })
        expect(second.through.results).toEqual(first.direct.results)
        expect(first.direct.results.length).toBeGreaterThan(0)
      },
    )

    it('of status 404 are the same error, also for the client of OpenAI', async () => {
      for (const recording of atChat.filter(isRefused)) {
        const { direct, through } = await both(recording, 'cohere-chat', {
          direct: (url) => errorOf(chatByCohere(url, false)),
          through: (url) => errorOf(chatByOpenai(url, false)),
        })
        expect(through).toEqual(direct)
        expect(direct).toEqual([404, expect.stringContaining('not found')])
      }
      for (const recording of atEmbed.filter(isRefused)) {
        const embed = (url: string) =>
          errorOf(cohereAt(url).v2.embed({ model: 'public', inputType: 'search_query', texts: ['Hello'] }))
        const { direct, through } = await both(recording, 'cohere-embed', { direct: embed, through: embed })
        expect(through).toEqual(direct)
        expect(direct).toEqual([404, expect.stringContaining('not found')])
        const openai = (url: string) => errorOf(openaiAt(url).embeddings.create({ model: 'public', input: 'Hello' }))
        expect((await both(recording, 'cohere-embed', { direct: embed, through: openai })).through).toEqual(direct)
      }
    })
  },
)

const NO_FACTS = { usage: null, finishReason: null, hasContent: false, isComplete: false, error: null }
const RANKED = { model: 'public', query: 'rain', documents: ['sunny day', 'rainy day', 'night'] }

function vectorsIn({ body }: Recording): number[][] {
  const { embeddings: given } = JSON.parse(body.toString())
  return Array.isArray(given) ? given : given.float
}

/** Status and words of the error that a client throws. */
async function errorOf(answer: Promise<unknown>): Promise<[status: unknown, message: unknown]> {
  try {
    await answer
  } catch (error) {
    if (error instanceof CohereError) return [error.statusCode, (error.body as { message?: unknown }).message]
    if (error instanceof APIError) return [error.status, (error.error as { message?: unknown }).message]
    throw error
  }
  throw new Error('The client was not told of the error')
}
