import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type FrameHead, FrameReader, OPCODES } from './frame-reader.ts'
import { type FramePlan, frame, text, unmasked } from './testing/frames.ts'

interface Seen {
  readonly head: FrameHead
  readonly payload: Buffer[]
  isEnded: boolean
}

/** Feeds pieces as a connection would, holding back what is not taken. */
function readAll(sender: 'client' | 'server', pieces: readonly Buffer[]) {
  const seen: Seen[] = []
  const reader = new FrameReader(sender, {
    onFrame: (head) => seen.push({ head, payload: [], isEnded: false }),
    onPayload: (bytes) => seen.at(-1)?.payload.push(bytes),
    onFrameEnd() {
      const last = seen.at(-1)
      if (last) last.isEnded = true
    },
  })
  const passed: Buffer[] = []
  let rest = Buffer.alloc(0)
  for (const piece of pieces) {
    const bytes = Buffer.concat([rest, piece])
    let at = 0
    for (let next = reader.read(bytes, at); next !== at; next = reader.read(bytes, at)) at = next
    passed.push(bytes.subarray(0, at))
    rest = bytes.subarray(at)
  }
  const frames = seen.map(({ head, payload, isEnded }) => ({
    opcode: head.opcode,
    isFinal: head.isFinal,
    payload: unmasked(Buffer.concat(payload), head.mask).toString('hex'),
    isEnded,
  }))
  return { frames, passed: Buffer.concat(passed), rest, reader }
}

const pieces = (bytes: Buffer, cuts: readonly number[]): Buffer[] => {
  const at = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b)
  return [0, ...at].map((from, i) => bytes.subarray(from, at[i] ?? bytes.length))
}

const sender = fc.constantFrom('client' as const, 'server' as const)
const payload = (maxLength: number) => fc.uint8Array({ maxLength }).map((bytes) => Buffer.from(bytes))
const large = fc.constantFrom(125, 126, 127, 65_535, 65_536, 70_000).map((length) => Buffer.alloc(length, 7))
const control = fc.record({ opcode: fc.constantFrom(9, 10), payload: payload(125) })
const data = fc.oneof({ weight: 9, arbitrary: payload(300) }, { weight: 1, arbitrary: large })

/** Messages in any number of fragments, with control frames between them. */
const message = fc
  .record({ opcode: fc.constantFrom(1, 2), fragments: fc.array(data, { minLength: 1, maxLength: 4 }), pings: control })
  .map(({ opcode, fragments, pings }): FramePlan[] =>
    fragments.flatMap((one, i) => [
      { opcode: i === 0 ? opcode : 0, isFinal: i === fragments.length - 1, payload: one },
      ...(i % 2 === 0 ? [pings] : []),
    ]),
  )
const conversation = fc.array(
  fc.oneof(
    message,
    control.map((one): FramePlan[] => [one]),
  ),
  { maxLength: 5 },
)

describe('frames', () => {
  it('are read the same however their bytes are split, and all of them may go on', () => {
    fc.assert(
      fc.property(sender, conversation, fc.array(fc.nat(200_000), { maxLength: 12 }), (from, messages, cuts) => {
        const plans = messages.flat()
        const bytes = Buffer.concat(plans.map((plan) => frame(from, plan)))
        const { frames, passed, rest, reader } = readAll(from, pieces(bytes, cuts))
        expect(frames).toEqual(
          plans.map(({ opcode, isFinal = true, payload: given = Buffer.alloc(0) }) => ({
            opcode,
            isFinal,
            payload: given.toString('hex'),
            isEnded: true,
          })),
        )
        expect(passed.equals(bytes)).toBe(true)
        expect([rest.length, reader.violation, reader.isBetweenFrames]).toEqual([0, undefined, true])
      }),
      { numRuns: 150 },
    )
  })

  it('are read byte by byte, and a head goes on only as a whole', () => {
    const bytes = frame('client', { opcode: 1, payload: Buffer.alloc(300, 1) })
    const single = [...bytes].map((byte) => Buffer.from([byte]))
    expect(readAll('client', single).frames).toHaveLength(1)
    for (const cut of [1, 2, 3, 7]) {
      const { passed, reader } = readAll('client', [bytes.subarray(0, cut)])
      expect([passed.length, reader.isBetweenFrames]).toEqual([0, true])
    }
    expect(readAll('client', [bytes.subarray(0, 9)]).reader.isBetweenFrames).toBe(false)
  })

  it('end with Close, after which nothing is taken', () => {
    const closing = frame('server', { opcode: OPCODES.close, payload: Buffer.from([3, 232]) })
    const { frames, rest, reader } = readAll('server', [closing, frame('server', text('late'))])
    expect(frames).toHaveLength(1)
    expect([reader.isOver, reader.violation, rest.length]).toEqual([true, undefined, 6])
  })
})

describe('what RFC 6455 forbids', () => {
  const good = frame('server', text('ok'))
  const wrong: Record<string, [sender: 'client' | 'server', bytes: Buffer]> = {
    'a reserved bit': ['server', Buffer.from([0xc1, 0])],
    'an undefined opcode': ['server', Buffer.from([0x83, 0])],
    'an undefined control opcode': ['server', Buffer.from([0x8b, 0])],
    'a client that does not mask': ['client', Buffer.from([0x81, 0])],
    'a server that masks': ['server', frame('client', text('x'))],
    'a control frame in fragments': ['server', Buffer.from([0x09, 0])],
    'a control frame of 126 bytes': ['server', frame('server', { opcode: 9, payload: Buffer.alloc(126) })],
    'a continuation of nothing': ['server', Buffer.from([0x80, 0])],
    'a message inside a message': [
      'server',
      Buffer.concat([frame('server', { opcode: 1, isFinal: false }), frame('server', text('x'))]),
    ],
    'a length beyond what can be counted': [
      'server',
      Buffer.from([0x82, 127, 0x7f, 255, 255, 255, 255, 255, 255, 255]),
    ],
  }

  it.each(Object.entries(wrong))('is noticed: %s', (_name, [from, bytes]) => {
    expect(readAll(from, [bytes]).reader.violation).toBeTypeOf('string')
    expect(
      readAll(
        from,
        [...bytes].map((byte) => Buffer.from([byte])),
      ).reader.violation,
    ).toBeTypeOf('string')
  })

  it('does not go on, though what came before it does', () => {
    const { passed, frames } = readAll('server', [Buffer.concat([good, Buffer.from([0xc1, 0])])])
    expect(passed.equals(good)).toBe(true)
    expect(frames).toHaveLength(1)
  })
})
