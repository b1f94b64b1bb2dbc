import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { contentsFrom } from './google-client.ts'
import { ask } from './official-clients.ts'
import { loadRecordings, missingRecordings, type Recording } from './recordings.ts'
import { chunksOf, relay, serve } from './relay.ts'

const recordings = loadRecordings()
const own = recordings.filter(({ api }) => api === 'gemini')
const whole = own.filter(({ status }) => status < 400)
const refused = own.filter(({ status, stream }) => status >= 400 && !stream)
const named = ({ id, stream }: Recording): string => `rec-${id}${stream ? ' stream' : ''}`

const asRecorded = ({ status, ctype, body }: Recording) => ({
  status,
  contentType: ctype,
  body,
  facts: { usage: null, finishReason: null, hasContent: false, isComplete: false, error: null },
})

describe.skipIf(missingRecordings !== undefined)(
  `recorded answers of Google's, read by its official client${missingRecordings ? ` (${missingRecordings})` : ''}`,
  () => {
    let server: Awaited<ReturnType<typeof serve>>
    beforeAll(async () => {
      server = await serve()
    })
    afterAll(() => server.close())

    it('are all there', () => {
      expect(whole.length).toBeGreaterThanOrEqual(31)
      expect(refused.length).toBeGreaterThan(0)
    })

    it.each(whole.map((recording) => [named(recording), recording] as const))(
      '%s: is the same, chunk for chunk, direct and relayed',
      async (_name, recording) => {
        server.answer(asRecorded(recording))
        const direct = await contentsFrom(server.url, recording.stream)
        server.answer(relay('gemini', recording, chunksOf(recording.body, 7)))
        const relayed = await contentsFrom(server.url, recording.stream)
        // The fields of the transport are the server's own.
        const bare = (answers: typeof direct) => answers.map(({ sdkHttpResponse: _, ...answer }) => answer)
        expect(bare(relayed)).toEqual(bare(direct))
        expect(direct.length).toBeGreaterThan(0)
      },
    )

    it.each(refused.map((recording) => [named(recording), recording] as const))(
      '%s: throws the same error, direct and relayed',
      async (_name, recording) => {
        server.answer(asRecorded(recording))
        const direct = await contentsFrom(server.url, false).catch((error: unknown) => error)
        server.answer(relay('gemini', recording, []))
        const relayed = await contentsFrom(server.url, false).catch((error: unknown) => error)
        expect(direct).toMatchObject({ name: 'ApiError', status: recording.status })
        expect(relayed).toEqual(direct)
      },
    )

    it('throws the error that broke a stream', async () => {
      const recording = recordings.find(({ api, stream, status }) => api === 'openai-chat' && stream && status < 400)
      if (recording === undefined) throw new Error('There is no recorded stream')
      const half = recording.body.subarray(0, Math.floor(recording.body.length / 2))
      server.answer(relay('gemini', recording, [half]))
      await expect(ask('gemini', server.url, true)).rejects.toMatchObject({ name: 'ApiError', status: 502 })
    })
  },
)
