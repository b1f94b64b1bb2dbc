import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ChatPiece, chatPieces, chunksOf, errorText } from './chat-stream.ts'

const chunk = (content: string) => `data: ${JSON.stringify({ choices: [{ delta: { content } }] })}\n\n`
const STREAM = `: ping\n\n${chunk('Grüß ')}\r\n${chunk('dich 👋')}data: {"choices":[{"delta":{}}]}\n\ndata: [DONE]\n\n`

async function* cut(text: string, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  const bytes = new TextEncoder().encode(text)
  let from = 0
  for (let i = 0; from < bytes.length; i++) {
    const size = sizes[i % sizes.length] ?? 1
    yield bytes.slice(from, from + size)
    from += size
  }
}

async function read(text: string, sizes: readonly number[] = [text.length * 4]): Promise<ChatPiece[]> {
  const pieces: ChatPiece[] = []
  for await (const piece of chatPieces(cut(text, sizes))) pieces.push(piece)
  return pieces
}

describe('chatPieces', () => {
  it('reads the same text wherever the bytes are cut', async () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 })
    await fc.assert(
      fc.asyncProperty(sizes, async (cuts) => {
        expect((await read(STREAM, cuts)).map((piece) => piece.text).join('')).toBe('Grüß dich 👋')
      }),
    )
  })

  it('stops at the terminator and skips what is no JSON', async () => {
    expect(await read(`data: nonsense\n\n${chunk('a')}data: [DONE]\n\n${chunk('b')}`)).toEqual([{ text: 'a' }])
  })

  it('reports an error inside the stream', async () => {
    expect(await read(`${chunk('a')}data: {"error":{"message":"Upstream broke off."}}\n\n`)).toEqual([
      { text: 'a' },
      { text: '', error: 'Upstream broke off.' },
    ])
  })
})

describe('chunksOf', () => {
  it('yields the body of a response, and nothing without one', async () => {
    const read = async (response: Response) => {
      let size = 0
      for await (const bytes of chunksOf(response)) size += bytes.byteLength
      return size
    }
    expect(await read(new Response('hello'))).toBe(5)
    expect(await read(new Response(null))).toBe(0)
  })
})

describe('errorText', () => {
  it.each([
    ['{"error":{"message":"No such model."}}', 'No such model.'],
    ['{"detail":"Too many requests."}', 'Too many requests.'],
    ['<html>', 'The gateway answered with status 502.'],
    ['{}', 'The gateway answered with status 502.'],
  ])('finds the sentence in %s', (body, text) => expect(errorText(body, 502)).toBe(text))
})
