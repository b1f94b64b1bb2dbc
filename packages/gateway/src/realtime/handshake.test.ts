import { describe, expect, it } from 'vitest'
import { liftKey, readHandshake, VendorHandshake } from './handshake.ts'

// The example of RFC 6455 §1.3.
const KEY = 'dGhlIHNhbXBsZSBub25jZQ=='
const ACCEPT = 's3pPLMBiTxaQ9kYGzzhZRbK+xOo='
const client = { key: KEY, protocols: ['realtime', 'openai-beta.realtime-v1'] }

const fieldOf = (headers: readonly string[], name: string) => headers[headers.indexOf(name) + 1] ?? ''

describe('a key among the subprotocols', () => {
  it('becomes Authorization, and is not offered to anyone', () => {
    const headers = ['sec-websocket-protocol', 'realtime, openai-insecure-api-key.kn_1,openai-beta.realtime-v1']
    liftKey(headers)
    expect(headers).toEqual([
      'sec-websocket-protocol',
      'realtime, openai-beta.realtime-v1',
      'authorization',
      'Bearer kn_1',
    ])
  })

  it('does not go before a credential that is there, and is taken out all the same', () => {
    const headers = ['authorization', 'Bearer mine', 'sec-websocket-protocol', 'openai-insecure-api-key.kn_1']
    liftKey(headers)
    expect(headers).toEqual(['authorization', 'Bearer mine'])
  })

  it('leaves the account at the vendor to the gateway', () => {
    const headers = ['sec-websocket-protocol', 'realtime, openai-organization.o, openai-project.p']
    liftKey(headers)
    expect(headers).toEqual(['sec-websocket-protocol', 'realtime'])
  })

  it('is found in any of several fields; without one nothing changes', () => {
    const headers = ['sec-websocket-protocol', 'realtime', 'sec-websocket-protocol', 'openai-insecure-api-key.k']
    liftKey(headers)
    expect(headers).toEqual(['sec-websocket-protocol', 'realtime', 'authorization', 'Bearer k'])
    const plain = ['sec-websocket-protocol', 'a,b']
    liftKey(plain)
    expect(plain).toEqual(['sec-websocket-protocol', 'a,b'])
  })
})

describe("a client's handshake", () => {
  const headers = ['sec-websocket-key', KEY, 'sec-websocket-version', '13', 'sec-websocket-protocol', 'realtime, x']

  it('gives its key and the subprotocols in order', () => {
    expect(readHandshake('websocket', headers)).toEqual({ key: KEY, protocols: ['realtime', 'x'] })
  })

  it('is refused when it is none, or of another version', () => {
    expect(() => readHandshake(undefined, headers)).toThrow(expect.objectContaining({ status: 400 }))
    expect(() => readHandshake('websocket', headers.with(1, 'short'))).toThrow(expect.objectContaining({ status: 400 }))
    expect(() => readHandshake('websocket', headers.with(3, '8'))).toThrow(expect.objectContaining({ status: 426 }))
  })
})

describe("a vendor's handshake", () => {
  const answerTo = async (handshake: VendorHandshake, more: string[] = []) => {
    const { createHash } = await import('node:crypto')
    const key = fieldOf(handshake.headers, 'sec-websocket-key')
    const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')
    return ['sec-websocket-accept', accept, ...more]
  }

  it('offers the subprotocols of the client, with a key of its own and no extensions', () => {
    const { headers } = new VendorHandshake(client.protocols)
    expect(fieldOf(headers, 'sec-websocket-protocol')).toBe('realtime, openai-beta.realtime-v1')
    expect(fieldOf(headers, 'sec-websocket-key')).not.toBe(KEY)
    expect(headers).not.toContain('sec-websocket-extensions')
    expect(new VendorHandshake([]).headers).not.toContain('sec-websocket-protocol')
  })

  it("is answered to the client's own key, with the vendor's choice or else the client's first", async () => {
    const handshake = new VendorHandshake(client.protocols)
    const chosen = await answerTo(handshake, ['sec-websocket-protocol', 'openai-beta.realtime-v1'])
    expect(handshake.accept(chosen, client)).toEqual([
      'sec-websocket-accept',
      ACCEPT,
      'sec-websocket-protocol',
      'openai-beta.realtime-v1',
    ])
    expect(fieldOf(handshake.accept(await answerTo(handshake), client), 'sec-websocket-protocol')).toBe('realtime')
    const bare = { key: KEY, protocols: [] }
    expect(handshake.accept(await answerTo(handshake), bare)).toEqual(['sec-websocket-accept', ACCEPT])
  })

  it('is refused when the answer is to another key, or holds what was not asked for', async () => {
    const handshake = new VendorHandshake(client.protocols)
    const refused = expect.objectContaining({ code: 'upstream_invalid' })
    expect(() => handshake.accept(['sec-websocket-accept', ACCEPT], client)).toThrow(refused)
    expect(() => handshake.accept([], client)).toThrow(refused)
    const deflated = await answerTo(handshake, ['sec-websocket-extensions', 'permessage-deflate'])
    expect(() => handshake.accept(deflated, client)).toThrow(refused)
    const other = await answerTo(handshake, ['sec-websocket-protocol', 'other'])
    expect(() => handshake.accept(other, client)).toThrow(refused)
  })
})
