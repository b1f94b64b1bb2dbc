import { describe, expect, it } from 'vitest'
import { stripHopByHop } from './hop-by-hop.ts'

function stripped(...headers: string[]): string[] {
  stripHopByHop(headers)
  return headers
}

describe('stripHopByHop', () => {
  it('removes every field that ends at this hop and keeps the rest in order', () => {
    const hop = [
      'connection',
      'keep-alive',
      'proxy-connection',
      'proxy-authorization',
      'proxy-authenticate',
      'te',
      'trailer',
      'transfer-encoding',
      'upgrade',
    ]
    expect(stripped('a', '1', ...hop.flatMap((name) => [name, 'x']), 'b', '2', 'a', '3')).toEqual([
      'a',
      '1',
      'b',
      '2',
      'a',
      '3',
    ])
  })

  it('removes what Connection nominates, wherever it stands and however it is written', () => {
    expect(stripped('x-a', '1', 'connection', 'close, X-A', 'x-b', '2', 'connection', ' x-B ,,', 'x-c', '3')).toEqual([
      'x-c',
      '3',
    ])
  })

  it('leaves Host, Content-Length and credentials, nominated or not', () => {
    const kept = ['host', 'a', 'content-length', '1', 'authorization', 'b', 'cookie', 'c']
    expect(stripped(...kept, 'connection', 'host, content-length, authorization, cookie')).toEqual(kept)
  })

  it('does not mistake a value for a name', () => {
    expect(stripped('x', 'connection', 'y', 'x')).toEqual(['x', 'connection', 'y', 'x'])
    expect(stripped()).toEqual([])
  })
})
