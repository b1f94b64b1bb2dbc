import { createHash, createHmac } from 'node:crypto'
import { type HeaderList, headerOf } from '@konnect/contract'
import type { UnsignedRequest } from '@konnect/sdk'

/** Keys of an AWS account, or temporary ones with their token. */
export interface Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

/** Where and when a signature is valid. */
export interface SigningScope {
  readonly region: string
  /** As the service calls itself in signatures, e.g. `iam`. */
  readonly service: string
  /** Since the epoch. AWS accepts the signature for five minutes around it. */
  readonly nowMs: number
}

const ALGORITHM = 'AWS4-HMAC-SHA256'

/**
 * AWS Signature Version 4: gives the fields of the request with `x-amz-date`, the session token and `authorization` added.
 * Host, content type and every `x-amz-` field are signed, and so are the method, the address and the bytes of the body.
 */
export function sign(request: UnsignedRequest, credentials: Credentials, scope: SigningScope): HeaderList {
  const time = new Date(scope.nowMs).toISOString().replace(/[-:]|\.\d{3}/g, '')
  const headers = withSigningFields(request, credentials, time)
  const signed = signedFields(headers)
  const names = signed.map(([name]) => name).join(';')
  const place = [time.slice(0, 8), scope.region, scope.service, 'aws4_request']
  const text = [ALGORITHM, time, place.join('/'), sha256(canonicalRequest(request, signed))].join('\n')
  const signature = hmac(signingKey(credentials.secretAccessKey, place), text).toString('hex')
  const credential = `${credentials.accessKeyId}/${place.join('/')}`
  return [
    ...headers,
    'authorization',
    `${ALGORITHM} Credential=${credential}, SignedHeaders=${names}, Signature=${signature}`,
  ]
}

/** Fields that a signature brings; those of the request would contradict them. */
const OWN = new Set(['authorization', 'x-amz-date', 'x-amz-security-token'])

function withSigningFields(request: UnsignedRequest, { sessionToken }: Credentials, time: string): HeaderList {
  const headers = request.headers.filter((_, i, all) => !OWN.has(all[i - (i % 2)] ?? ''))
  return [
    ...(headerOf(headers, 'host') === undefined ? ['host', new URL(request.url).host] : []),
    ...headers,
    'x-amz-date',
    time,
    ...(sessionToken === undefined ? [] : ['x-amz-security-token', sessionToken]),
  ]
}

/** The fields that the signature covers, by name; several of one name become one. */
function signedFields(headers: HeaderList): (readonly [name: string, value: string])[] {
  const fields = new Map<string, string>()
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] ?? ''
    if (name !== 'host' && name !== 'content-type' && !name.startsWith('x-amz-')) continue
    const value = (headers[i + 1] ?? '').trim().replace(/ +/g, ' ')
    const former = fields.get(name)
    fields.set(name, former === undefined ? value : `${former},${value}`)
  }
  return [...fields].sort(([a], [b]) => compare(a, b))
}

function canonicalRequest(request: UnsignedRequest, fields: readonly (readonly [string, string])[]): string {
  const { pathname, search } = new URL(request.url)
  return [
    request.method,
    // What is sent is encoded once; the signature is over the segments encoded again.
    pathname.split('/').map(encode).join('/'),
    canonicalQuery(search),
    ...fields.map(([name, value]) => `${name}:${value}`),
    '',
    fields.map(([name]) => name).join(';'),
    sha256(request.body),
  ].join('\n')
}

function canonicalQuery(search: string): string {
  const pairs = search.length < 2 ? [] : search.slice(1).split('&').map(encodedPair)
  return pairs
    .sort(([a, x], [b, y]) => compare(a, b) || compare(x, y))
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
}

function encodedPair(pair: string): [name: string, value: string] {
  const [name = '', ...value] = pair.split('=')
  return [encode(decodeURIComponent(name)), encode(decodeURIComponent(value.join('=')))]
}

// RFC 3986: everything but A-Z a-z 0-9 - _ . ~ is encoded.
const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)

// By code points: the order of a locale would be another one.
const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b))

const sha256 = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex')

const hmac = (key: string | Buffer, content: string): Buffer => createHmac('sha256', key).update(content).digest()

/** The key of one day, region and service. */
const signingKey = (secret: string, place: readonly string[]): Buffer =>
  place.reduce<Buffer>((key, part) => hmac(key, part), Buffer.from(`AWS4${secret}`))
