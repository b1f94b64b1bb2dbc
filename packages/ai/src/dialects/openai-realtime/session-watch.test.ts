import { describe, expect, it } from 'vitest'
import { NO_USAGE } from '../../canonical/usage.ts'
import type { UsageReport } from '../../ports.ts'
import { createTranslator } from '../../translator.ts'

function watching() {
  const reports: UsageReport[] = []
  const watch = createTranslator().watchSession('openai-realtime', (report) => reports.push(report))
  const see = (...events: readonly object[]) => {
    for (const event of events) watch.fromVendor(Buffer.from(JSON.stringify(event)))
  }
  return { reports, watch, see }
}

const created = { type: 'response.created', response: { id: 'resp_1', status: 'in_progress', usage: null } }
const done = (usage: object | null) => ({
  type: 'response.done',
  response: { id: 'resp_1', status: 'completed', usage },
})
const transcribed = (usage: object) => ({
  type: 'conversation.item.input_audio_transcription.completed',
  item_id: 'item_1',
  content_index: 0,
  transcript: 'Hi',
  usage,
})
const spoken = {
  type: 'tokens',
  total_tokens: 26,
  input_tokens: 17,
  input_token_details: { text_tokens: 0, audio_tokens: 17 },
  output_tokens: 9,
}

describe('usage of a realtime session', () => {
  it('is read from each response: text, sound and what came from the cache', () => {
    const { reports, see } = watching()
    const usage = {
      total_tokens: 253,
      input_tokens: 132,
      output_tokens: 121,
      input_token_details: {
        text_tokens: 119,
        audio_tokens: 13,
        image_tokens: 0,
        cached_tokens: 64,
        cached_tokens_details: { text_tokens: 60, audio_tokens: 4 },
      },
      output_token_details: { text_tokens: 30, audio_tokens: 91 },
    }
    see(created, done(usage), created, done({ input_tokens: 5, output_tokens: 1 }))
    expect(reports).toEqual([
      {
        usage: {
          ...NO_USAGE,
          inputTokens: 132,
          outputTokens: 121,
          cachedInputTokens: 64,
          inputAudioTokens: 13,
          cachedInputAudioTokens: 4,
          outputAudioTokens: 91,
        },
      },
      {
        usage: {
          ...NO_USAGE,
          inputTokens: 5,
          outputTokens: 1,
          inputAudioTokens: 0,
          cachedInputAudioTokens: 0,
          outputAudioTokens: 0,
        },
      },
    ])
  })

  it('is read from transcriptions, under the model that the vendor says writes them', () => {
    for (const session of [
      { audio: { input: { transcription: { model: 'gpt-4o-transcribe' } } } },
      { input_audio_transcription: { model: 'gpt-4o-transcribe' } },
    ]) {
      const { reports, see, watch } = watching()
      see({ type: 'session.updated', session }, transcribed(spoken))
      expect(reports).toMatchObject([
        { model: 'gpt-4o-transcribe', usage: { inputTokens: 17, inputAudioTokens: 17, outputTokens: 9 } },
      ])
      expect(watch.isUnreported).toBe(false)
    }
  })

  it('belongs to no known model where the vendor did not say which one transcribes', () => {
    const { reports, see } = watching()
    see({ type: 'session.created', session: { model: 'gpt-realtime' } }, transcribed(spoken))
    expect(reports).toMatchObject([{ model: '' }])
  })

  it('is missing while a response is under way, and no more once it has come', () => {
    const { see, watch } = watching()
    expect(watch.isUnreported).toBe(false)
    see(created)
    expect(watch.isUnreported).toBe(true)
    see(done({ input_tokens: 1, output_tokens: 1 }))
    expect(watch.isUnreported).toBe(false)
  })

  it('is missing for good after a transcription in seconds and after a message that could not be looked at', () => {
    const { reports, see, watch } = watching()
    see(transcribed({ type: 'duration', seconds: 3 }))
    expect([reports, watch.isUnreported]).toEqual([[], true])
    const other = watching()
    other.watch.missed()
    expect(other.watch.isUnreported).toBe(true)
  })

  it('is none for a response that was cancelled before it began', () => {
    const { reports, see, watch } = watching()
    see(created, done(null))
    expect([reports, watch.isUnreported]).toEqual([[], false])
  })

  it('is not found where other events speak of it, nor in what is no event at all', () => {
    const { reports, see, watch } = watching()
    see({ type: 'response.output_audio.delta', delta: 'AAAA', usage: spoken }, { type: 'constructor' }, { type: 7 })
    for (const text of ['', 'plain', '[]', 'null', '{"type":"response.done"', '{"type":"response.done"}']) {
      watch.fromVendor(Buffer.from(text))
    }
    expect(reports).toEqual([])
  })
})
