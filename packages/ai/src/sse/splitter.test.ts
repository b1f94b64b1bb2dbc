import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { StreamEvent } from '../framing/framing.ts'
import { isWholeEvent, parseEvent } from './event.ts'
import { EventSplitter } from './splitter.ts'

function split(chunks: readonly Buffer[]): { events: Buffer[]; rest: Buffer } {
  const events: Buffer[] = []
  const splitter = new EventSplitter()
  for (const chunk of chunks) {
    splitter.push(chunk, (source, start, end) => events.push(Buffer.from(source.subarray(start, end))))
  }
  return { events, rest: splitter.rest() }
}

function cut(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const chunks: Buffer[] = []
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = sizes[i % sizes.length] ?? 1
    chunks.push(bytes.subarray(at, at + size))
    at += size
  }
  return chunks
}

const decoded = (bytes: Buffer, sizes: readonly number[]): StreamEvent[] =>
  split(cut(bytes, sizes))
    .events.map((event) => parseEvent(event.toString()))
    .filter((event) => event.data !== null)

const lineEnding = fc.constantFrom('\n', '\r', '\r\n')
const text = fc.string({ unit: 'grapheme' }).map((value) => value.replace(/[\r\n\ufeff]/g, ''))
const event = fc.record({ name: text, lines: fc.array(text, { minLength: 1, maxLength: 3 }), comment: fc.boolean() })
const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 20 })

describe('EventSplitter', () => {
  it('finds the same events wherever the bytes are cut and however lines end, comments and BOM included', () => {
    fc.assert(
      fc.property(fc.array(event), lineEnding, sizes, fc.boolean(), (events, end, cuts, hasMark) => {
        const lines = events.map(({ name, lines, comment }) =>
          [comment ? [': comment'] : [], [`event: ${name}`], lines.map((line) => `data: ${line}`), ['', '']]
            .flat()
            .join(end),
        )
        const bytes = Buffer.from((hasMark ? '\ufeff' : '') + lines.join(''))
        expect(decoded(bytes, cuts)).toEqual(events.map(({ name, lines }) => ({ name, data: lines.join('\n') })))
      }),
    )
  })

  it('gives every byte back exactly once, in order, even for bytes that are no events at all', () => {
    const noise = fc
      .array(fc.constantFrom('a', '\n', '\r', '\n\n', 'data: x', ':', 'é'))
      .map((parts) => Buffer.from(parts.join('')))
    fc.assert(
      fc.property(noise, sizes, (bytes, cuts) => {
        const { events, rest } = split(cut(bytes, cuts))
        expect(Buffer.concat([...events, rest]).equals(bytes)).toBe(true)
      }),
      { numRuns: 500 },
    )
  })

  it('hands events of a whole chunk out of the chunk itself, without a copy', () => {
    const chunk = Buffer.from('data: 1\n\ndata: 2\n\n')
    const sources: Buffer[] = []
    const splitter = new EventSplitter()
    splitter.push(chunk, (source) => sources.push(source))
    expect(sources).toEqual([chunk, chunk])
    expect(sources.every((source) => source === chunk)).toBe(true)
    expect(splitter.pending).toBe(0)
  })

  it('holds an incomplete event until its end arrives', () => {
    const splitter = new EventSplitter()
    const seen: string[] = []
    const push = (chunk: string) =>
      splitter.push(Buffer.from(chunk), (source, start, end) => seen.push(source.toString('utf8', start, end)))
    push('data: a\n\ndata: b')
    expect([seen.length, splitter.pending]).toEqual([1, 7])
    push('\n')
    push('\ndata: c')
    expect(seen).toEqual(['data: a\n\n', 'data: b\n\n'])
    expect(splitter.rest().toString()).toBe('data: c')
    expect(splitter.pending).toBe(0)
  })
})

describe('parseEvent', () => {
  it('joins data lines and leaves out comments and unknown fields', () => {
    expect(parseEvent(': hi\nid: 7\nretry: 5\nevent: x\ndata: a\ndata:b\ndata\n\n')).toEqual({
      name: 'x',
      data: 'a\nb\n',
    })
  })

  it('says that a comment has no data', () => {
    expect(parseEvent(': ping\n\n')).toEqual({ name: '', data: null })
  })
})

describe('isWholeEvent', () => {
  it.each(['data: [DONE]', 'data: {"a":1}', 'event: x\ndata: {}\n', ': comment', ''])('accepts %j', (text) => {
    expect(isWholeEvent(Buffer.from(text))).toBe(true)
  })
  it.each(['data: {"a":', 'event: message_stop', 'data: [DO'])('refuses %j', (text) => {
    expect(isWholeEvent(Buffer.from(text))).toBe(false)
  })
})
