import { type HeaderList, removeHeader } from '@konnect/contract'
import { BYTE, FIELD_VALUE } from './characters.ts'
import { connectionOptions, FieldFacts, isKeepAlive, readFields, type Section } from './field-section.ts'

/** How the end of a response body is found (RFC 9112 §6.3). */
export type ResponseFraming = 'none' | 'length' | 'chunked' | 'until-close'

/** A response head; hop-by-hop fields, Content-Length and Transfer-Encoding are not in `headers`. */
export interface ResponseHead {
  readonly status: number
  readonly headers: HeaderList
  readonly framing: ResponseFraming
  /** Content-Length, also where there is no body to it. */
  readonly length: number | undefined
  readonly isKeepAlive: boolean
  readonly upgrade: string | undefined
}

const facts = new FieldFacts()

/** Reads a whole response head, which ends with an empty line inside `section`. A string says what is wrong with it. */
export function readResponseHead(section: Section, method: string): ResponseHead | string {
  const { bytes, text, base } = section
  const version = text.startsWith('HTTP/1.1 ') ? '1.1' : text.startsWith('HTTP/1.0 ') ? '1.0' : undefined
  const status = statusAt(bytes, base + 9)
  if (version === undefined || status < 100) return 'invalid status line'
  let at = base + 12
  while (FIELD_VALUE[bytes[at] as number] === 1) at++
  if (bytes[at] !== BYTE.cr || bytes[at + 1] !== BYTE.lf) return 'invalid status line'
  if (at > base + 12 && bytes[base + 12] !== BYTE.space) return 'invalid status line'

  const headers: HeaderList = []
  facts.reset()
  if (!readFields(section, at + 2, true, facts, headers)) return facts.fault
  const length = contentLength()
  if (typeof length === 'string') return length
  const framing = framingOf(status, method, version, length)
  if (framing === undefined) return 'invalid Transfer-Encoding'
  if (facts.connection !== undefined) removeNominated(headers, facts.connection)
  return {
    status,
    headers,
    framing,
    length,
    isKeepAlive: framing !== 'until-close' && isKeepAlive(facts.connection, version),
    upgrade: facts.upgrade,
  }
}

function statusAt(bytes: Uint8Array, at: number): number {
  let status = 0
  for (let i = at; i < at + 3; i++) {
    const digit = (bytes[i] as number) - 0x30
    if (!(digit >= 0 && digit <= 9)) return 0
    status = status * 10 + digit
  }
  return status
}

const LENGTH = /^\d{1,15}$/

function contentLength(): number | string | undefined {
  if (facts.lengths === 0) return undefined
  if (LENGTH.test(facts.contentLength)) return Number(facts.contentLength)
  // The same length said twice is what some servers send; it leaves nothing to guess (RFC 9112 §6.3).
  const values = facts.contentLength.split(',').map((value) => value.trim())
  const first = values[0] ?? ''
  if (!LENGTH.test(first)) return 'invalid Content-Length'
  return values.every((value) => value === first) ? Number(first) : 'conflicting Content-Length'
}

function framingOf(
  status: number,
  method: string,
  version: '1.0' | '1.1',
  length: number | undefined,
): ResponseFraming | undefined {
  const isBodiless = method === 'HEAD' || status < 200 || status === 204 || status === 304
  if (facts.encodings > 0) {
    const isPlain = facts.encodings === 1 && facts.transferEncoding.toLowerCase() === 'chunked'
    if (!isPlain || length !== undefined || version === '1.0') return undefined
    return isBodiless ? 'none' : 'chunked'
  }
  if (isBodiless || length === 0) return 'none'
  return length === undefined ? 'until-close' : 'length'
}

function removeNominated(headers: HeaderList, connection: string): void {
  if (connection === 'keep-alive' || connection === 'close') return
  for (const option of connectionOptions(connection)) removeHeader(headers, option)
}
