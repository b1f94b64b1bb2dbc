import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MessageBuffer } from './message-buffer.ts'

const held = (buffer: MessageBuffer) => buffer.bytes.buffer.byteLength

describe('the memory of a message', () => {
  it('holds what was added, in whatever pieces', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 3000 }), { maxLength: 20 }), (pieces) => {
        const buffer = new MessageBuffer()
        for (const piece of pieces) buffer.add(Buffer.from(piece))
        expect(buffer.bytes.equals(Buffer.concat(pieces))).toBe(true)
      }),
    )
  })

  it('does not grow with the number of pieces', () => {
    const buffer = new MessageBuffer()
    for (let i = 0; i < 100_000; i++) buffer.add(Buffer.from([i & 255]))
    expect(buffer.size).toBe(100_000)
    expect(held(buffer)).toBeLessThan(200_000)
  })

  it('is given back after a long message, and kept after a short one', () => {
    const buffer = new MessageBuffer()
    buffer.add(Buffer.alloc(70_000))
    buffer.clear()
    expect([buffer.size, held(buffer)]).toEqual([0, 0])
    buffer.add(Buffer.from('short'))
    const kept = held(buffer)
    buffer.clear()
    buffer.add(Buffer.from('next'))
    expect([buffer.bytes.toString(), held(buffer)]).toEqual(['next', kept])
  })

  it('takes a mask off from where it was put on', () => {
    const buffer = new MessageBuffer()
    const mask = Buffer.from([1, 2, 3, 4])
    buffer.add(Buffer.from('plain'))
    buffer.add(Buffer.from([...'masked'].map((letter, i) => letter.charCodeAt(0) ^ (mask[i & 3] ?? 0))))
    buffer.unmask(5, mask)
    expect(buffer.bytes.toString()).toBe('plainmasked')
  })
})
