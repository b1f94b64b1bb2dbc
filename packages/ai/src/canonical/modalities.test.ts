import type { JsonObject } from '@konnect/contract'
import { describe, expect, it } from 'vitest'
import { sentBody, translate } from '../testing/exchange.ts'
import { readModalities } from './modalities.ts'

const chat = (more: JsonObject) => ({ messages: [{ role: 'user', content: 'Draw' }], ...more })
const contents = (settings: JsonObject) => ({ contents: [{ parts: [{ text: 'Draw' }] }], generationConfig: settings })

describe('readModalities', () => {
  it('knows text, image and audio in any case', () => {
    expect(readModalities(['TEXT', 'Image', 'audio'])).toEqual(['text', 'image', 'audio'])
  })

  it.each([[[]], ['image'], [['video']], [[1]], [null]])('knows nothing of %j', (value) => {
    expect(readModalities(value)).toBeUndefined()
  })
})

describe('the wish for images in the answer', () => {
  it('reaches a vendor of Gemini', () => {
    const translation = translate({ from: 'openai-chat', to: 'gemini', body: chat({ modalities: ['image', 'text'] }) })
    expect(sentBody(translation)).toMatchObject({ generationConfig: { responseModalities: ['IMAGE', 'TEXT'] } })
    expect(translation.dropped).toEqual([])
  })

  it('reaches a vendor of chat completions', () => {
    const body = contents({ responseModalities: ['TEXT', 'IMAGE'] })
    const translation = translate({ from: 'gemini', to: 'openai-chat', body })
    expect(sentBody(translation)).toMatchObject({ modalities: ['text', 'image'] })
    expect(translation.dropped).toEqual([])
  })

  it('is listed as lost where the format has no word for it', () => {
    const lost = (to: string) => translate({ from: 'openai-chat', to, body: chat({ modalities: ['image'] }) }).dropped
    expect(lost('anthropic-messages')).toEqual(['modalities'])
    const odd = translate({ from: 'openai-chat', to: 'gemini', body: chat({ modalities: ['video'] }) })
    expect(odd.dropped).toEqual(['modalities'])
  })
})

describe('the wish for sound in the answer', () => {
  it('reaches a vendor of Gemini, but for the voice, since theirs have other names', () => {
    const body = chat({ modalities: ['audio'], audio: { voice: 'alloy', format: 'wav' } })
    const translation = translate({ from: 'openai-chat', to: 'gemini', body })
    expect(sentBody(translation)).toMatchObject({ generationConfig: { responseModalities: ['AUDIO'] } })
    expect(translation.dropped).toEqual(['audio'])
  })

  it('is listed as lost to a vendor of chat completions, which demands a voice of its own', () => {
    const translation = translate({
      from: 'gemini',
      to: 'openai-chat',
      body: contents({ responseModalities: ['AUDIO'] }),
    })
    expect(translation.dropped).toEqual(['responseModalities'])
    expect(sentBody(translation)).not.toHaveProperty('modalities')
  })
})
