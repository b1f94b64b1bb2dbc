import { describe, expect, it } from 'vitest'
import { LossRecorder } from '../loss.ts'
import { fileText, joinText, separateResults, unsealedReasoning } from './plain-text.ts'

describe('joinText', () => {
  it('joins text and refusals, and nothing else', () => {
    const parts = [
      { type: 'text' as const, text: 'a' },
      { type: 'reasoning' as const, text: 'hm' },
      { type: 'refusal' as const, text: 'b' },
    ]
    expect(joinText(parts, '|')).toBe('a|b')
  })
})

describe('fileText', () => {
  it('reads text, plain or in base64, and puts the name above it', () => {
    const data = Buffer.from('é').toString('base64')
    expect(fileText({ kind: 'text', text: 'a' }, 'a.txt')).toBe('a.txt\na')
    expect(fileText({ kind: 'base64', mediaType: 'text/csv', data })).toBe('é')
  })

  it('knows nothing of files that are no text or elsewhere', () => {
    expect(fileText({ kind: 'base64', mediaType: 'application/pdf', data: 'AAAA' })).toBeUndefined()
    expect(fileText({ kind: 'url', url: 'https://example.com/a.txt' }, 'a')).toBeUndefined()
  })
})

describe('unsealedReasoning', () => {
  it('joins what no vendor sealed, and loses the rest by name', () => {
    const losses = new LossRecorder({})
    const parts = [
      { type: 'reasoning' as const, text: 'a' },
      { type: 'reasoning' as const, text: 'b', signature: 's' },
      { type: 'redacted' as const, data: 'x' },
      { type: 'reasoning' as const, text: 'c' },
    ]
    expect(unsealedReasoning(parts, losses)).toBe('ac')
    expect(losses.names).toEqual(['thinking_signature'])
  })
})

describe('separateResults', () => {
  it('takes results out and shows their images before what the user says', () => {
    const image = { type: 'image' as const, source: { kind: 'url' as const, url: 'https://example.com/a.png' } }
    const text = { type: 'text' as const, text: 'And?' }
    const result = { type: 'tool_result' as const, callId: 'c', parts: [text, image], isError: false }
    expect(separateResults([text, result])).toEqual({ results: [result], shown: [image, text] })
  })
})
