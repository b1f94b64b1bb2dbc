import { describe, expect, it } from 'vitest'
import { fileText, joinText } from './plain-text.ts'

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
