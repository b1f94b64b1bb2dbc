import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LineBuffer } from './line-buffer.ts'

const lineOf = fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\n', ' '))

describe('a line buffer', () => {
  it('gives back what it was given, in order, whatever the characters', () => {
    fc.assert(
      fc.property(fc.array(lineOf), (lines) => {
        const buffer = new LineBuffer()
        for (const line of lines) buffer.append(line)
        const { data, lines: count } = buffer.within(Number.MAX_SAFE_INTEGER)
        expect(data.toString()).toBe(Buffer.from(lines.map((line) => `${line}\n`).join('')).toString())
        expect([count, buffer.lines]).toEqual([lines.length, lines.length])
      }),
    )
  })

  it('gives as many whole lines as fit, and never a part of one', () => {
    fc.assert(
      fc.property(fc.array(lineOf), fc.nat(200), (lines, room) => {
        const buffer = new LineBuffer()
        for (const line of lines) buffer.append(line)
        const { data, lines: count } = buffer.within(room)
        const bytes = lines.map((line) => Buffer.byteLength(line) + 1)
        const sum = (first: number) => bytes.slice(0, first).reduce((total, one) => total + one, 0)
        expect(data.length).toBe(sum(count))
        expect(data.length).toBeLessThanOrEqual(room)
        if (count < lines.length) expect(sum(count + 1)).toBeGreaterThan(room)
      }),
    )
  })

  it('grows as far as it must and is empty after it was cleared', () => {
    const buffer = new LineBuffer()
    const long = 'ß'.repeat(5 * 1024 * 1024)
    buffer.append('first')
    buffer.append(long)
    expect(buffer.within(Number.MAX_SAFE_INTEGER).data.toString()).toBe(`first\n${long}\n`)
    buffer.clear()
    expect([buffer.lines, buffer.within(100).data.length]).toEqual([0, 0])
    buffer.append('next')
    expect(buffer.within(100).data.toString()).toBe('next\n')
  })
})
