import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  eventMessage,
  eventStreamMessage,
  exceptionMessage,
  rawEventStreamMessage,
} from '../testing/aws-event-stream.ts'
import { awsEventStreamFraming } from './aws-event-stream.ts'
import type { StreamEvent } from './framing.ts'

function read(bytes: Buffer, sizes: readonly number[] = [bytes.length]): StreamEvent[] {
  const frames = awsEventStreamFraming.open()
  const events: StreamEvent[] = []
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = sizes[i % sizes.length] || 1
    // A copy: the memory of a chunk may change once it was taken.
    const chunk = Buffer.from(bytes.subarray(at, at + size))
    frames.push(chunk, (event) => events.push(event))
    chunk.fill(0)
    at += size
  }
  frames.end()
  return events
}

const invalid = expect.objectContaining({ code: 'upstream_invalid' })
const events = fc.array(
  fc.record({
    name: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }),
    data: fc.string({ unit: 'grapheme' }),
  }),
  { maxLength: 8 },
)
const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 20 })
const bytesOf = (given: readonly { name: string; data: string }[]): Buffer =>
  Buffer.concat(
    given.map(({ name, data }) => eventStreamMessage({ ':event-type': name, ':message-type': 'event' }, data)),
  )

describe('awsEventStreamFraming', () => {
  it('finds the same events wherever the bytes are cut', () => {
    fc.assert(
      fc.property(events, sizes, (given, cuts) => {
        expect(read(bytesOf(given), cuts)).toEqual(given)
      }),
    )
  })

  it('refuses a message with any one bit turned over', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 0, max: 7 }), (position, bit) => {
        const bytes = eventMessage('contentBlockDelta', { delta: { text: 'Hello' } })
        const at = position % bytes.length
        bytes[at] = (bytes[at] ?? 0) ^ (1 << bit)
        expect(() => read(bytes, [5])).toThrow(invalid)
      }),
      { numRuns: 500 },
    )
  })

  it('never fails on other bytes but with a name for what is wrong', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
        try {
          expect(read(rawEventStreamMessage(Buffer.from(noise), Buffer.alloc(0)))).toHaveLength(1)
        } catch (error) {
          expect(error).toEqual(invalid)
        }
      }),
    )
  })

  it('refuses impossible lengths at once, before memory is spent on them', () => {
    const huge = rawEventStreamMessage(Buffer.alloc(0), Buffer.alloc(25 * 1024 * 1024))
    expect(() => read(huge.subarray(0, 12))).toThrow(invalid)
  })

  it('holds a torn message back and forgets it at the end', () => {
    const frames = awsEventStreamFraming.open()
    const bytes = eventMessage('messageStop', { stopReason: 'end_turn' })
    frames.push(bytes.subarray(0, bytes.length - 1), () => expect.unreachable())
    expect(frames.pending).toBe(bytes.length - 1)
    expect(frames.end()).toBeUndefined()
    expect(frames.pending).toBe(0)
  })

  it('tells exceptions and errors apart from events by their name', () => {
    expect(read(exceptionMessage('throttlingException', { message: 'Slow down' }))).toEqual([
      { name: 'exception:throttlingException', data: '{"message":"Slow down"}' },
    ])
    const error = { ':message-type': 'error', ':error-code': 'InternalError', ':error-message': 'Broken' }
    expect(read(eventStreamMessage(error, ''))).toEqual([{ name: 'error:InternalError', data: '{"message":"Broken"}' }])
  })

  it('passes over headers that are no text, of every type', () => {
    const header = (name: string, type: number, value: readonly number[]): Buffer =>
      Buffer.concat([Buffer.from([name.length]), Buffer.from(name), Buffer.from([type, ...value])])
    const zeros = (count: number): number[] => new Array(count).fill(0)
    const headers = [
      header('t', 0, []),
      header('f', 1, []),
      header('b', 2, [1]),
      header('s', 3, zeros(2)),
      header('i', 4, zeros(4)),
      header('l', 5, zeros(8)),
      header('y', 6, [0, 2, 1, 1]),
      header('at', 8, zeros(8)),
      header('id', 9, zeros(16)),
      header(':event-type', 7, [0, 1, 0x61]),
    ]
    expect(read(rawEventStreamMessage(Buffer.concat(headers), Buffer.from('x')))).toEqual([{ name: 'a', data: 'x' }])
  })
})
