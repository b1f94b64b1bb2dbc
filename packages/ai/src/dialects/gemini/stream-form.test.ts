import { GatewayError } from '@konnect/contract'
import { describe, expect, it } from 'vitest'
import type { DialectId, StreamTranslation } from '../../ports.ts'
import { chunks, textOf } from '../../testing/exchange.ts'
import { createTranslator } from '../../translator.ts'
import { streamForm } from './stream-form.ts'

const CHUNKS = [
  { candidates: [{ content: { parts: [{ text: 'Grü' }], role: 'model' }, index: 0 }] },
  { candidates: [{ content: { parts: [{ text: 'ße' }], role: 'model' }, finishReason: 'STOP', index: 0 }] },
]
const OWN = CHUNKS.map((chunk) => `data: ${JSON.stringify(chunk)}\r\n\r\n`).join('')

function asked(query: string, vendor: DialectId = 'gemini') {
  return createTranslator().translate({
    client: 'gemini',
    vendor,
    body: Buffer.from('{"contents":[{"parts":[{"text":"Hi"}]}]}'),
    facts: { model: 'public', isStream: true },
    upstreamModel: 'upstream',
    publicModel: 'public',
    isStrict: false,
    requestId: 'request1',
    query,
  })
}

function relayed(stream: StreamTranslation, text: string, size: number): string {
  const bytes = Buffer.from(text)
  let out = ''
  for (let at = 0; at < bytes.length; at += size) out += textOf(stream.write(bytes.subarray(at, at + size)))
  return out + textOf(stream.end())
}

describe('a stream that was asked for without alt=sse', () => {
  it.each(['', 'alt=json', '$alt=json;enum-encoding=int', 'key=alt', 'x=1&alt=json'])(
    'is an array with %j',
    (query) => {
      expect(asked(query).streamTypeFor('text/event-stream')).toBe('application/json')
    },
  )

  it.each(['alt=sse', 'key=k&alt=sse', '$alt=sse', '%24alt=sse&x=1'])('is server-sent events with %j', (query) => {
    expect(streamForm(query)).toBeUndefined()
    expect(relayed(asked(query).stream(), OWN, 99)).toBe(OWN)
  })

  it.each([1, 7, 1000])('holds every chunk once, cut every %i bytes', (size) => {
    const stream = asked('').stream()
    const text = relayed(stream, OWN, size)
    expect(JSON.parse(text)).toEqual(CHUNKS)
    expect(stream.facts.isComplete).toBe(true)
  })

  it('holds what was translated, too', () => {
    const elements = JSON.parse(relayed(asked('', 'openai-chat').stream(), chunks([{ content: 'Hi' }]), 7))
    expect(elements[0]).toMatchObject({ candidates: [{ content: { parts: [{ text: 'Hi' }] } }] })
    expect(elements.at(-1)).toMatchObject({ candidates: [{ finishReason: 'STOP' }] })
  })

  it('grows with the answer', () => {
    const stream = asked('').stream()
    expect(textOf(stream.write(Buffer.from(OWN.slice(0, OWN.indexOf('\r\n\r\n') + 4))))).toBe(
      `[${JSON.stringify(CHUNKS[0])}`,
    )
  })

  it('ends with the error when it breaks, and is JSON even then', () => {
    const stream = asked('').stream()
    const head = textOf(stream.write(Buffer.from(OWN.slice(0, OWN.indexOf('\r\n\r\n') + 4))))
    const text = head + textOf(stream.fail(new GatewayError('upstream_timeout')))
    expect(JSON.parse(text)).toEqual([CHUNKS[0], { error: expect.objectContaining({ code: 504 }) }])
    expect(stream.end()).toHaveLength(0)
  })

  it('never looks whole when it was cut off', () => {
    const stream = asked('').stream()
    const elements = JSON.parse(relayed(stream, OWN.slice(0, OWN.length / 2), 9))
    expect(elements.at(-1)).toMatchObject({ error: { code: 502 } })
    expect(stream.facts.isComplete).toBe(false)
  })

  it('is an array with the error alone when nothing came', () => {
    expect(JSON.parse(relayed(asked('').stream(), '', 9))).toEqual([{ error: expect.objectContaining({ code: 502 }) }])
  })
})
