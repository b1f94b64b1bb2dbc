import { describe, expect, it } from 'vitest'
import type { UsageReport } from '../../ports.ts'
import { createTranslator } from '../../translator.ts'

const translator = createTranslator()
const setup = translator.sessionSetup('gemini-live')
const bytes = (text: string) => Buffer.from(text)

describe('the first message of a Live session', () => {
  it('names the model, as a resource or plainly', () => {
    expect(setup?.modelIn(bytes('{"setup":{"model":"models/talker"}}'))).toBe('talker')
    expect(setup?.modelIn(bytes('{"setup":{"tools":[],"model":"talker"}}'))).toBe('talker')
  })

  it('goes to the vendor with nothing but the name of the model changed', () => {
    const message = '{ "setup": {"model" : "models/talker","a":1e400,"text":"ü"} ,"b":[]}'
    expect(setup?.withModel(bytes(message), 'gemini-live-1').toString()).toBe(
      message.replace('models/talker', 'models/gemini-live-1'),
    )
    const full = 'projects/p/locations/l/publishers/google/models/m'
    expect(setup?.withModel(bytes(message), full).toString()).toBe(message.replace('models/talker', full))
  })

  it.each([
    '{"setup":{}}',
    '{"setup":{"model":""}}',
    '{"setup":{"model":7}}',
    '{"setup":7}',
    '{"realtimeInput":{}}',
    '{"setup":{"model":"a","model":"b"}}',
    '{"setup":{"model":"a"},"setup":{"model":"b"}}',
    '[]',
    'x',
  ])('is refused when it is %s', (message) => {
    expect(() => setup?.modelIn(bytes(message))).toThrow(expect.objectContaining({ status: 400 }))
  })

  it('is no matter of formats that name the model in the address', () => {
    expect(translator.sessionSetup('openai-realtime')).toBeUndefined()
  })
})

function watching() {
  const reports: UsageReport[] = []
  const watch = translator.watchSession('gemini-live', (report) => reports.push(report))
  return { reports, watch, see: (message: object) => watch.fromVendor(bytes(JSON.stringify(message))) }
}

describe('usage of a Live session', () => {
  it('is read once a turn: text, sound, thoughts and what came from the cache', () => {
    const { reports, see } = watching()
    see({
      usageMetadata: {
        promptTokenCount: 522,
        cachedContentTokenCount: 100,
        responseTokenCount: 42,
        totalTokenCount: 564,
        thoughtsTokenCount: 136,
        toolUsePromptTokenCount: 8,
        promptTokensDetails: [
          { modality: 'TEXT', tokenCount: 332 },
          { modality: 'AUDIO', tokenCount: 165 },
        ],
        cacheTokensDetails: [{ modality: 'AUDIO', tokenCount: 60 }],
        responseTokensDetails: [{ modality: 'AUDIO', tokenCount: 42 }],
      },
    })
    expect(reports).toMatchObject([
      {
        usage: {
          inputTokens: 530,
          inputAudioTokens: 165,
          cachedInputTokens: 100,
          cachedInputAudioTokens: 60,
          outputTokens: 178,
          outputAudioTokens: 42,
          reasoningTokens: 136,
        },
      },
    ])
    expect(reports[0]).not.toHaveProperty('model')
  })

  it('is missing while a turn is under way', () => {
    const { see, watch } = watching()
    see({ setupComplete: {} })
    expect(watch.isUnreported).toBe(false)
    see({ serverContent: { modelTurn: { parts: [{ text: 'Hi' }] } } })
    expect(watch.isUnreported).toBe(true)
    see({ serverContent: { turnComplete: true }, usageMetadata: { promptTokenCount: 5, responseTokenCount: 1 } })
    expect(watch.isUnreported).toBe(false)
    see({ serverContent: { turnComplete: true } })
    expect(watch.isUnreported).toBe(false)
    see({ toolCall: { functionCalls: [] } })
    expect(watch.isUnreported).toBe(true)
    see({ usageMetadata: { promptTokenCount: 5 } })
    watch.missed()
    expect(watch.isUnreported).toBe(true)
  })

  it('is not found in what is no message of the kind', () => {
    const { reports, watch } = watching()
    for (const text of ['', '[]', '{"usageMetadata":7}', '{"usageMetadata":{}}', '{"usageMetadata":{"promptTok']) {
      watch.fromVendor(bytes(text))
    }
    watch.fromVendor(Buffer.from([0xff, 0x00, 0x7b]))
    expect(reports).toEqual([])
  })
})
