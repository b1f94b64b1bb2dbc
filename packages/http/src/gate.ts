import { isIPv6 } from 'node:net'
import type { HeaderList } from '@konnect/contract'
import { BYTE, TARGET, TOKEN } from './characters.ts'
import { connectionOptions, FieldFacts, isKeepAlive, readFields, type Section } from './field-section.ts'
import { normalizePath } from './path.ts'

/** How the end of a body is found. A length of 0 means that there is none. */
export type Framing = { readonly isChunked: true } | { readonly isChunked: false; readonly length: number }

export const CHUNKED: Framing = { isChunked: true }
export const NO_BODY: Framing = { isChunked: false, length: 0 }

/** A request head that passed. */
export interface RequestHead {
  readonly method: string
  readonly path: string
  readonly query: string
  readonly host: string
  readonly headers: HeaderList
  readonly version: '1.0' | '1.1'
  readonly framing: Framing
  readonly isKeepAlive: boolean
  readonly expectsContinue: boolean
  readonly upgrade: string | undefined
}

/** Why a request was refused, and what it is answered with. */
export class Refusal {
  readonly status: number
  readonly reason: string

  constructor(status: number, reason: string) {
    this.status = status
    this.reason = reason
  }
}

const facts = new FieldFacts()
const bad = (reason: string): Refusal => new Refusal(400, reason)

/**
 * The strict gate: reads a whole request head, which ends with an empty line inside `section`, or says why it is
 * refused. Whatever two implementations of RFC 9112 could read differently is refused, not repaired.
 */
export function readRequestHead(section: Section, maxHeaders: number): RequestHead | Refusal {
  const line = readRequestLine(section)
  if (line instanceof Refusal) return line
  const headers: HeaderList = []
  facts.reset()
  if (!readFields(section, line.end, false, facts, headers)) return bad(facts.fault)
  if (facts.fields > maxHeaders) return new Refusal(431, 'too many header fields')

  const place = line.isOriginForm ? placeOfHost(line) : placeOfOtherForms(line)
  if (place instanceof Refusal) return place
  const framing = framingOf(line.version)
  if (framing instanceof Refusal) return framing
  const expectsContinue = facts.expect !== undefined && line.version === '1.1'
  if (expectsContinue && facts.expect?.toLowerCase() !== '100-continue') {
    return new Refusal(417, 'an expectation other than 100-continue')
  }
  return {
    method: line.method,
    path: place.path,
    query: place.query,
    host: place.host,
    headers,
    version: line.version,
    framing,
    isKeepAlive: isKeepAlive(facts.connection, line.version),
    expectsContinue,
    upgrade: facts.upgrade === undefined || hasBody(framing) ? undefined : upgradeOf(facts.upgrade, line.version),
  }
}

interface RequestLine {
  readonly method: string
  readonly target: string
  readonly version: '1.0' | '1.1'
  readonly isOriginForm: boolean
  /** Where the first field begins. */
  readonly end: number
}

function readRequestLine({ bytes, text, base }: Section): RequestLine | Refusal {
  let at = base
  while (TOKEN[bytes[at] as number] !== 0) at++
  if (at === base || bytes[at] !== BYTE.space) return bad('invalid method')
  const method = text.slice(0, at - base)
  const targetStart = ++at
  while (TARGET[bytes[at] as number] === 1) at++
  if (at === targetStart || bytes[at] !== BYTE.space) return bad('invalid byte in the request target')
  const target = text.slice(targetStart - base, at - base)
  const isOriginForm = bytes[targetStart] === BYTE.slash
  if (method === 'CONNECT') return bad('CONNECT is not served')
  const version = versionAt(text, at + 1 - base)
  if (version === undefined) return versionFault(text, at + 1 - base)
  return { method, target, version, isOriginForm, end: at + 11 }
}

function versionAt(text: string, at: number): '1.0' | '1.1' | undefined {
  if (text.startsWith('HTTP/1.1\r\n', at)) return '1.1'
  return text.startsWith('HTTP/1.0\r\n', at) ? '1.0' : undefined
}

function versionFault(text: string, at: number): Refusal {
  const line = text.slice(at, text.indexOf('\r\n', at))
  const major = /^HTTP\/(\d)\.\d$/.exec(line)?.[1]
  return major !== undefined && major !== '1' ? new Refusal(505, 'HTTP version not supported') : bad('invalid version')
}

interface Place {
  readonly host: string
  readonly path: string
  readonly query: string
}

function placeOfHost(line: RequestLine): Place | Refusal {
  const host = hostOf(line.version)
  return host instanceof Refusal ? host : placeAt(host, line.target)
}

function placeOfOtherForms({ method, target, version }: RequestLine): Place | Refusal {
  const host = hostOf(version)
  if (host instanceof Refusal) return host
  if (target === '*') return method === 'OPTIONS' ? { host, path: '*', query: '' } : bad('* without OPTIONS')
  const match = /^(https?):\/\/([^/?]*)(.*)$/i.exec(target)
  if (!match) return bad('invalid form of the request target')
  const [, scheme = '', rawAuthority = '', rest = ''] = match
  const authority = rawAuthority.toLowerCase()
  if (!isAuthority(authority)) return bad('invalid authority in the request target')
  const port = scheme.toLowerCase() === 'http' ? ':80' : ':443'
  if (host !== '' && withoutSuffix(host, port) !== withoutSuffix(authority, port)) {
    return bad('Host differs from the request target')
  }
  if (rest === '' && method === 'OPTIONS') return { host: authority, path: '*', query: '' }
  return placeAt(authority, rest.startsWith('/') ? rest : `/${rest}`)
}

const withoutSuffix = (text: string, suffix: string): string =>
  text.endsWith(suffix) ? text.slice(0, -suffix.length) : text

function placeAt(host: string, target: string): Place | Refusal {
  const mark = target.indexOf('?')
  const path = normalizePath(mark < 0 ? target : target.slice(0, mark))
  if (path === undefined) return bad('ambiguous path')
  return { host, path, query: mark < 0 ? '' : target.slice(mark + 1) }
}

function hostOf(version: '1.0' | '1.1'): string | Refusal {
  if (facts.hosts !== 1) {
    if (facts.hosts === 0 && version === '1.0') return ''
    return bad(facts.hosts === 0 ? 'missing Host' : 'more than one Host')
  }
  const host = facts.host.toLowerCase()
  return isAuthority(host) ? host : bad('invalid Host')
}

const NAMED_HOST = /^[a-z0-9_](?:[a-z0-9._-]*[a-z0-9_])?\.?(?::(\d{1,5}))?$/
const IPV6_HOST = /^\[([0-9a-f:.]+)\](?::(\d{1,5}))?$/

/** Host and port, in lower case; no userinfo, no list, no percent codes. */
function isAuthority(text: string): boolean {
  const named = NAMED_HOST.exec(text)
  if (named) return isPort(named[1])
  const literal = IPV6_HOST.exec(text)
  return literal !== null && isIPv6(literal[1] ?? '') && isPort(literal[2])
}

const isPort = (digits: string | undefined): boolean => digits === undefined || Number(digits) <= 65_535

function framingOf(version: '1.0' | '1.1'): Framing | Refusal {
  if (facts.encodings > 0) {
    if (version === '1.0') return bad('Transfer-Encoding in HTTP/1.0')
    if (facts.lengths > 0) return bad('both Transfer-Encoding and Content-Length')
    if (facts.encodings > 1) return bad('more than one Transfer-Encoding')
    return facts.transferEncoding.toLowerCase() === 'chunked' ? CHUNKED : bad('unknown Transfer-Encoding')
  }
  if (facts.lengths === 0) return NO_BODY
  if (facts.lengths > 1) return bad('more than one Content-Length')
  if (!/^\d{1,15}$/.test(facts.contentLength)) return bad('invalid Content-Length')
  return { isChunked: false, length: Number(facts.contentLength) }
}

const hasBody = (framing: Framing): boolean => framing.isChunked || framing.length > 0

function upgradeOf(upgrade: string, version: '1.0' | '1.1'): string | undefined {
  const { connection } = facts
  if (version === '1.0' || connection === undefined || !connectionOptions(connection).includes('upgrade'))
    return undefined
  const protocol = upgrade.split(',')[0]?.trim().toLowerCase()
  return protocol === '' ? undefined : protocol
}
