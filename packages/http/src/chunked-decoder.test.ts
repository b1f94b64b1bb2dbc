import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ChunkedDecoder } from './chunked-decoder.ts'
import { cutAt } from './testing/memory-socket.ts'

interface Outcome {
  readonly body: string
  readonly decoder: ChunkedDecoder
  /** Bytes after the end of the message. */
  readonly rest: string
}

function decode(pieces: readonly Buffer[]): Outcome {
  const decoder = new ChunkedDecoder()
  let body = ''
  let rest = ''
  const target = {
    onChunk(bytes: Uint8Array) {
      body += Buffer.from(bytes).toString('latin1')
      return true
    },
  }
  for (const piece of pieces) {
    const at = decoder.isDone ? 0 : decoder.decode(piece, 0, piece.length, target)
    if (decoder.fault !== '') break
    rest += piece.toString('latin1', at)
  }
  return { body, decoder, rest }
}

const whole = (text: string): Outcome => decode([Buffer.from(text, 'latin1')])

const VALID = [
  '0\r\n\r\n',
  '5\r\nhello\r\n0\r\n\r\n',
  '005\r\nhello\r\n1\r\n!\r\n000\r\n\r\n',
  'A;ext=1;b="q\\"; x"\r\n0123456789\r\n0;last\r\n\r\n',
  '3\r\na\r\n\r\n0\r\nX-Sum: 1\r\nServer-Timing: a, b\r\n\r\n',
]

const FAULTY: [string, string][] = [
  ['a bare semicolon', '5;\r\nhello\r\n0\r\n\r\n'],
  ['a semicolon without a name', '5; =a\r\nhello\r\n0\r\n\r\n'],
  ['an empty size', '\r\nhello\r\n0\r\n\r\n'],
  ['an extension without a size', ';a\r\n0\r\n\r\n'],
  ['a size that is no number', 'g\r\n'],
  ['a size with 0x', '0x5\r\nhello\r\n0\r\n\r\n'],
  ['a signed size', '-5\r\n'],
  ['a space before the size', ' 5\r\nhello\r\n'],
  ['a space after the size', '5 \r\nhello\r\n0\r\n\r\n'],
  ['a size beyond exact integers', '11111111111111\r\n'],
  ['a bare LF after the size', '5\nhello\r\n0\r\n\r\n'],
  ['a bare CR in the size line', '5\r;a\r\nhello\r\n'],
  ['a control byte in an extension', '5;a=\x01\r\nhello\r\n'],
  ['a missing CRLF after the data', '5\r\nhello0\r\n\r\n'],
  ['a bare LF after the data', '5\r\nhello\n0\r\n\r\n'],
  ['too much data', '5\r\nhello!\r\n0\r\n\r\n'],
  ['a bare LF at the end', '0\r\n\n'],
  ['a bare LF in trailers', '0\r\nA: b\n\r\n'],
  ['a folded trailer', '0\r\nA: b\r\n c\r\n\r\n'],
  ['a trailer without a colon', '0\r\nA\r\n\r\n'],
  ['an endless size line', `5;a=${'x'.repeat(2000)}`],
  ['endless trailers', `0\r\n${'A: b\r\n'.repeat(2000)}`],
  ['endless extensions', `${`1;a=${'x'.repeat(900)}\r\nx\r\n`.repeat(20)}0\r\n\r\n`],
]

describe('ChunkedDecoder', () => {
  it('decodes chunks, skips extensions and keeps trailers', () => {
    expect(whole(VALID[2] ?? '').body).toBe('hello!')
    expect(whole(VALID[3] ?? '').body).toBe('0123456789')
    const { body, decoder } = whole(VALID[4] ?? '')
    expect(body).toBe('a\r\n')
    expect(decoder.trailers).toEqual(['x-sum', '1', 'server-timing', 'a, b'])
  })

  it.each(VALID)('reads the same however %j is cut in two', (text) => {
    const bytes = Buffer.from(`${text}GET`, 'latin1')
    const expected = decode([bytes])
    expect(expected.rest).toBe('GET')
    for (let cut = 1; cut < bytes.length; cut++) {
      const { body, decoder, rest } = decode(cutAt(bytes, [cut]))
      expect({ body, isDone: decoder.isDone, trailers: decoder.trailers, rest }).toEqual({
        body: expected.body,
        isDone: true,
        trailers: expected.decoder.trailers,
        rest: 'GET',
      })
    }
  })

  it.each(FAULTY)('refuses %s, in one piece and byte by byte', (_name, text) => {
    expect(whole(text).decoder.fault).not.toBe('')
    expect(decode([...Buffer.from(text, 'latin1')].map((byte) => Buffer.from([byte]))).decoder.fault).not.toBe('')
  })

  it('leaves out and reports trailers that would change the message', () => {
    const { decoder } = whole('0\r\nContent-Length: 3\r\nX-A: 1\r\nHost: b\r\n\r\n')
    expect(decoder.trailers).toEqual(['x-a', '1'])
    expect(decoder.hasForbiddenTrailers).toBe(true)
  })

  it('gives back any body that was cut into any chunks and any pieces', () => {
    const chunks = fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 }), { maxLength: 6 })
    fc.assert(
      fc.property(chunks, fc.array(fc.nat(400), { maxLength: 6 }), (parts, cuts) => {
        const lines = parts.flatMap((part) => [
          Buffer.from(`${part.length.toString(16)}\r\n`),
          part,
          Buffer.from('\r\n'),
        ])
        const bytes = Buffer.concat([...lines, Buffer.from('0\r\n\r\n')])
        const { body, decoder } = decode(cutAt(bytes, cuts))
        expect(decoder.fault).toBe('')
        expect(decoder.isDone).toBe(true)
        expect(Buffer.from(body, 'latin1').equals(Buffer.concat(parts))).toBe(true)
      }),
    )
  })

  it('stops where its target pauses, and goes on from there', () => {
    const bytes = Buffer.from('1\r\na\r\n1\r\nb\r\n0\r\n\r\n')
    const decoder = new ChunkedDecoder()
    const seen: string[] = []
    const target = { onChunk: (chunk: Uint8Array) => seen.push(String.fromCharCode(...chunk)) < 0 }
    const first = decoder.decode(bytes, 0, bytes.length, target)
    expect(seen).toEqual(['a'])
    const second = decoder.decode(bytes, first, bytes.length, target)
    expect(seen).toEqual(['a', 'b'])
    expect(decoder.decode(bytes, second, bytes.length, target)).toBe(bytes.length)
    expect(decoder.isDone).toBe(true)
  })
})
