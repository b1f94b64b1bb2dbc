import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { StreamEvent } from './framing.ts'
import { ndjsonFraming } from './ndjson.ts'

function read(bytes: Buffer, sizes: readonly number[]): { events: StreamEvent[]; last: StreamEvent | undefined } {
  const frames = ndjsonFraming.open()
  const events: StreamEvent[] = []
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = sizes[i % sizes.length] ?? 1
    frames.push(Buffer.from(bytes.subarray(at, at + size)), (event) => events.push(event))
    at += size
  }
  return { events, last: frames.end() }
}

const values = fc.array(fc.record({ text: fc.string({ unit: 'grapheme' }), count: fc.integer() }))
const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 20 })

describe('ndjsonFraming', () => {
  it('finds the same lines wherever the bytes are cut, whether they end in LF or CRLF and the last one ends at all', () => {
    fc.assert(
      fc.property(values, fc.constantFrom('\n', '\r\n'), fc.boolean(), sizes, (given, end, isEnded, cuts) => {
        const lines = given.map((value) => JSON.stringify(value))
        const text = lines.join(end) + (isEnded ? end : '')
        const { events, last } = read(Buffer.from(text), cuts)
        const all = last === undefined ? events : [...events, last]
        expect(all).toEqual(lines.map((data) => ({ name: '', data })))
      }),
    )
  })

  it('leaves out blank lines and half a value at the end', () => {
    const { events, last } = read(Buffer.from('\n{"a":1}\n\n{"b":'), [3])
    expect(events).toEqual([{ name: '', data: '{"a":1}' }])
    expect(last).toBeUndefined()
  })

  it('says how much it holds, so that a line without an end cannot fill the memory', () => {
    const frames = ndjsonFraming.open()
    frames.push(Buffer.from('{"a":1}\n{"b'), () => undefined)
    expect(frames.pending).toBe(3)
    frames.push(Buffer.from('":2}\n'), () => undefined)
    expect(frames.pending).toBe(0)
  })
})
