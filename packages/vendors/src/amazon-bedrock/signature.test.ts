import { describe, expect, it } from 'vitest'
import { sign } from './signature.ts'

/** The credentials that AWS uses throughout its documentation and test suite. */
const EXAMPLE = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' }
const NOW = Date.UTC(2015, 7, 30, 12, 36, 0)
const EMPTY = new Uint8Array()

const fieldOf = (headers: readonly string[], name: string): string | undefined => headers[headers.indexOf(name) + 1]
const signatureOf = (headers: readonly string[]): string | undefined =>
  /Signature=([0-9a-f]{64})$/.exec(fieldOf(headers, 'authorization') ?? '')?.[1]

describe('sign', () => {
  it('gives the signature that the documentation of Signature Version 4 works out for listing users', () => {
    const headers = sign(
      {
        method: 'GET',
        url: 'https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08',
        headers: ['host', 'iam.amazonaws.com', 'content-type', 'application/x-www-form-urlencoded; charset=utf-8'],
        body: EMPTY,
      },
      EXAMPLE,
      { region: 'us-east-1', service: 'iam', nowMs: NOW },
    )
    expect(fieldOf(headers, 'x-amz-date')).toBe('20150830T123600Z')
    expect(fieldOf(headers, 'authorization')).toBe(
      'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, ' +
        'SignedHeaders=content-type;host;x-amz-date, ' +
        'Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7',
    )
  })

  it('gives the signatures of the published test suite', () => {
    const signed = (method: string, query: string) =>
      signatureOf(
        sign({ method, url: `https://example.amazonaws.com/${query}`, headers: [], body: EMPTY }, EXAMPLE, {
          region: 'us-east-1',
          service: 'service',
          nowMs: NOW,
        }),
      )
    expect(signed('GET', '')).toBe('5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31')
    expect(signed('POST', '')).toBe('5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b')
    expect(signed('GET', '?Param2=value2&Param1=value1')).toBe(
      'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500',
    )
  })

  const request = {
    method: 'POST',
    url: 'https://bedrock-runtime.eu-west-1.amazonaws.com/model/amazon.nova-lite-v1%3A0/converse',
    headers: ['host', 'bedrock-runtime.eu-west-1.amazonaws.com', 'content-type', 'application/json', 'x-team', 'a'],
    body: Buffer.from('{"messages":[]}'),
  }
  const scope = { region: 'eu-west-1', service: 'bedrock', nowMs: NOW }
  const signed = (change: Partial<typeof request>, token?: string) =>
    sign({ ...request, ...change }, { ...EXAMPLE, ...(token === undefined ? {} : { sessionToken: token }) }, scope)

  it('covers the bytes of the body, the path as it is encoded and the content type', () => {
    const changes = [
      {},
      { body: Buffer.from('{"messages": []}') },
      { url: request.url.replace('%3A', ':') },
      { headers: request.headers.map((value) => (value === 'application/json' ? 'text/plain' : value)) },
    ]
    expect(new Set(changes.map((change) => signatureOf(signed(change)))).size).toBe(changes.length)
  })

  it('does not cover fields that proxies on the way may change', () => {
    const headers = [...request.headers, 'x-request-id', '1', 'accept-encoding', 'identity']
    expect(signatureOf(signed({ headers }))).toBe(signatureOf(signed({})))
  })

  it('sends and signs the token of temporary credentials', () => {
    const headers = signed({}, 'token')
    expect(fieldOf(headers, 'x-amz-security-token')).toBe('token')
    expect(fieldOf(headers, 'authorization')).toContain(
      'SignedHeaders=content-type;host;x-amz-date;x-amz-security-token,',
    )
  })

  it('goes before fields of the same name that come with the request', () => {
    const headers = signed({ headers: [...request.headers, 'authorization', 'Bearer x', 'x-amz-date', 'then'] })
    expect(headers).toEqual(signed({}))
  })

  it('keeps every field of the request and never sends the secret', () => {
    const headers = signed({}, 'token')
    expect(headers.slice(0, request.headers.length)).toEqual(request.headers)
    expect(headers.join('\n')).not.toContain(EXAMPLE.secretAccessKey)
  })
})
