import { describe, expect, it } from 'vitest'
import { createTranslator } from '../translator.ts'
import { loadRecordingsOf } from './operation-recordings.ts'
import { missingRecordings, type Recording } from './recordings.ts'

const ID = 'rerank'
const recordings = loadRecordingsOf(ID)
const named = ({ id, status }: Recording): string => `rec-${id} ${status}`

/** Sends a recorded request and its answer through. */
function relay({ req, status, ctype, body }: Recording) {
  const bytes = Buffer.from(JSON.stringify(req))
  const translator = createTranslator()
  const translation = translator.translate({
    client: ID,
    vendor: ID,
    body: bytes,
    facts: translator.readFacts(ID, bytes, '/v1/rerank'),
    upstreamModel: 'upstream',
    publicModel: 'public',
    isStrict: true,
    requestId: 'request1',
  })
  const { answer, facts } = translation.response(status, ['content-type', ctype], body)
  return { sent: JSON.parse(Buffer.from(translation.body).toString()), answer, facts }
}

describe.skipIf(missingRecordings !== undefined)(
  `recorded rankings${missingRecordings ? ` (${missingRecordings})` : ''}`,
  () => {
    it('are there, answered and refused', () => {
      expect(recordings.filter(({ status }) => status < 400)).toHaveLength(4)
      expect(recordings.filter(({ status }) => status >= 400)).toHaveLength(2)
    })

    it.each(recordings.map((recording) => [named(recording), recording] as const))(
      '%s: request and answer pass, with the facts',
      (_name, recording) => {
        const { sent, answer, facts } = relay(recording)
        expect(sent).toEqual({ ...recording.req, model: 'upstream' })
        expect(answer.status).toBe(recording.status)
        expect(Buffer.from(answer.body).equals(recording.body)).toBe(true)
        const parsed = JSON.parse(recording.body.toString())
        if (recording.status >= 400) {
          expect(facts.error).toMatchObject({ status: recording.status, detail: parsed.error.message })
          return
        }
        expect(facts).toMatchObject({ isComplete: true, hasContent: true, error: null })
        expect(facts.usage?.inputTokens).toBe(parsed.usage.total_tokens)
      },
    )
  },
)
