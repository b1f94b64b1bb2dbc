import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bufferOf, splice } from './splice.ts'

describe('splice', () => {
  it('changes the edited places and nothing else', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), fc.string(), fc.string(), (a, old, b, first, second) => {
        const bytes = Buffer.from(a + old + b)
        const start = Buffer.byteLength(a)
        const edits = [
          { start, end: start + Buffer.byteLength(old), text: first },
          { start: bytes.length, end: bytes.length, text: second },
        ]
        expect(splice(bytes, edits).equals(Buffer.from(a + first + b + second))).toBe(true)
      }),
    )
  })

  it('gives back the very same bytes when there is nothing to change', () => {
    const bytes = Buffer.from('{}')
    expect(splice(bytes, [])).toBe(bytes)
  })

  it('sees any bytes as a buffer of the same memory', () => {
    const bytes = new Uint8Array([1, 2, 3, 4]).subarray(1, 3)
    expect([...bufferOf(bytes)]).toEqual([2, 3])
    expect(bufferOf(bytes).buffer).toBe(bytes.buffer)
  })
})
