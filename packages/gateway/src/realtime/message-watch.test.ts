import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CLOSE_CODES, closeFrame, readClose, type SessionClose } from './close-frame.ts'
import { FrameReader } from './frame-reader.ts'
import { MessageWatch } from './message-watch.ts'
import { type FramePlan, frame, text } from './testing/frames.ts'

function watch(
  sender: 'client' | 'server',
  bytes: Buffer,
  { maxBytes = 1000, step = bytes.length, collects = true, readsBinary = false } = {},
) {
  const texts: string[] = []
  const closes: SessionClose[] = []
  let missed = 0
  const listener = {
    onMissed: () => {
      missed++
    },
    onClose: (close: SessionClose) => closes.push(close),
    readsBinary,
    ...(collects ? { onMessage: (message: Buffer) => texts.push(message.toString()) } : {}),
  }
  const reader = new FrameReader(sender, new MessageWatch(listener, maxBytes))
  let rest = Buffer.alloc(0)
  for (let from = 0; from < bytes.length; from += step) {
    rest = Buffer.concat([rest, bytes.subarray(from, from + step)])
    let at = 0
    for (let next = reader.read(rest, at); next !== at; next = reader.read(rest, at)) at = next
    rest = rest.subarray(at)
  }
  return { texts, closes, missed }
}

const wire = (sender: 'client' | 'server', ...plans: readonly FramePlan[]) =>
  Buffer.concat(plans.map((plan) => frame(sender, plan)))

const fragments = [
  { opcode: 1, isFinal: false, payload: Buffer.from('{"a":') },
  { opcode: 9, payload: Buffer.from('ping') },
  { opcode: 0, isFinal: false, payload: Buffer.from('"ü') },
  { opcode: 0, payload: Buffer.from('"}') },
]

describe('text messages', () => {
  it.each(['client', 'server'] as const)('of a %s are whole, whatever frames and pieces they come in', (sender) => {
    const bytes = wire(sender, text('one'), ...fragments, { opcode: 2, payload: Buffer.from('sound') }, text(''))
    for (const step of [1, 2, 7, bytes.length]) {
      expect(watch(sender, bytes, { step }).texts, `${step}`).toEqual(['one', '{"a":"ü"}', ''])
    }
  })

  it('that are too long are missed, once each, and the next one is heard again', () => {
    const long = { opcode: 1, payload: Buffer.alloc(1001, 97) }
    const pieces = [
      { opcode: 1, isFinal: false, payload: Buffer.alloc(600, 97) },
      { opcode: 0, isFinal: false, payload: Buffer.alloc(600, 97) },
      { opcode: 0, payload: Buffer.alloc(600, 97) },
    ]
    const bytes = wire('server', long, text('a'), ...pieces, text('b'))
    expect(watch('server', bytes)).toEqual({ texts: ['a', 'b'], closes: [], missed: 2 })
    expect(watch('server', bytes, { step: 5 })).toEqual({ texts: ['a', 'b'], closes: [], missed: 2 })
  })

  it('may be binary ones for who reads those, too', () => {
    const bytes = wire('server', text('one'), { opcode: 2, payload: Buffer.from('two') })
    expect(watch('server', bytes, { readsBinary: true }).texts).toEqual(['one', 'two'])
    expect(watch('server', bytes).texts).toEqual(['one'])
  })

  it('are not collected for who does not care, nor missed', () => {
    const bytes = wire('client', text('x'), { opcode: 1, payload: Buffer.alloc(5000, 97) })
    expect(watch('client', bytes, { collects: false })).toEqual({ texts: [], closes: [], missed: 0 })
  })
})

describe('Close frames', () => {
  it('are read as they were written, to a client and, masked, to a server', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1000, max: 4999 }),
        fc.string({ unit: 'grapheme', maxLength: 30 }),
        (code, reason) => {
          const close = { code, reason: Buffer.from(reason).toString() }
          expect(watch('server', closeFrame('client', close)).closes).toEqual([close])
          expect(watch('client', closeFrame('server', close)).closes).toEqual([close])
        },
      ),
    )
  })

  it('cut a reason that is too long at a character', () => {
    const [close] = watch('server', closeFrame('client', { code: CLOSE_CODES.policy, reason: 'ü'.repeat(100) })).closes
    expect(close).toEqual({ code: 1008, reason: 'ü'.repeat(61) })
  })

  it('may say nothing', () => {
    expect(watch('server', wire('server', { opcode: 8 })).closes).toEqual([{ code: undefined, reason: '' }])
    expect(readClose(Buffer.from([3]))).toEqual({ code: undefined, reason: '' })
  })
})
