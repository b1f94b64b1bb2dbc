import { describe, expect, it } from 'vitest'
import { markSeal } from '../canonical/seal.ts'
import { stripForeign } from './foreign.ts'

const strip = (content: readonly object[]): unknown =>
  JSON.parse(stripForeign(Buffer.from(JSON.stringify({ messages: [{ role: 'assistant', content }] }))).toString())
    .messages

const own = [
  { type: 'thinking', thinking: 'Hm', signature: 'ErUB' },
  { type: 'redacted_thinking', data: 'EmwK' },
  { type: 'text', text: 'So' },
]

describe('stripForeign', () => {
  it('takes out thinking that another dialect sealed, or nobody', () => {
    const foreign = [
      { type: 'thinking', thinking: 'Hm', signature: markSeal('another', 'seal') },
      { type: 'thinking', thinking: 'Hm', signature: '' },
      { type: 'redacted_thinking', data: markSeal('another', 'dark') },
    ]
    expect(strip([...foreign, ...own])).toEqual([{ role: 'assistant', content: own }])
    expect(strip(foreign)).toEqual([])
  })

  it('changes not a byte where there is none', () => {
    const body = Buffer.from(JSON.stringify({ messages: [{ role: 'assistant', content: own }] }))
    expect(stripForeign(body)).toBe(body)
  })
})
