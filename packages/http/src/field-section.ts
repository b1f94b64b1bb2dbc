import type { HeaderList } from '@konnect/contract'
import { BYTE, FIELD_VALUE, TOKEN } from './characters.ts'
import { FIELD, findField, hashStep } from './field-names.ts'

/** What a field section says about its message. One object is reused for every message: read it at once. */
export class FieldFacts {
  /** Why the section is refused; empty when it is well-formed. */
  fault = ''
  fields = 0
  hosts = 0
  host = ''
  lengths = 0
  contentLength = ''
  encodings = 0
  transferEncoding = ''
  /** All Connection fields, joined by commas; undefined without any. */
  connection: string | undefined = undefined
  expect: string | undefined = undefined
  upgrade: string | undefined = undefined

  reset(): void {
    this.fault = ''
    this.fields = 0
    this.hosts = 0
    this.host = ''
    this.lengths = 0
    this.contentLength = ''
    this.encodings = 0
    this.transferEncoding = ''
    this.connection = undefined
    this.expect = undefined
    this.upgrade = undefined
  }
}

/** A section of a message in memory: `text` is `bytes` from `base` on, as latin1. */
export interface Section {
  readonly bytes: Uint8Array
  readonly text: string
  readonly base: number
}

/**
 * Reads field lines from `position` up to and with the empty line, which must lie inside `bytes` (RFC 9112 §5).
 *
 * Appends to `out` and fills `facts`; false, with `facts.fault` set, when the section is not strictly well-formed: bare
 * CR or LF, folded lines, space before the colon, names that are no token, control bytes in values. With `isForwarding`
 * hop-by-hop fields and Content-Length go to `facts` only.
 */
export function readFields(
  section: Section,
  position: number,
  isForwarding: boolean,
  facts: FieldFacts,
  out: HeaderList,
): boolean {
  const { bytes, text, base } = section
  let at = position
  while (bytes[at] !== BYTE.cr) {
    const nameStart = at
    let hash = 0
    let byte = TOKEN[bytes[at] as number] as number
    while (byte !== 0) {
      hash = hashStep(hash, byte)
      byte = TOKEN[bytes[++at] as number] as number
    }
    if (at === nameStart || bytes[at] !== BYTE.colon) return refuse(facts, faultOfName(bytes, nameStart, at))
    const nameEnd = at++
    while (bytes[at] === BYTE.space || bytes[at] === BYTE.tab) at++
    const valueStart = at
    while (FIELD_VALUE[bytes[at] as number] === 1) at++
    if (bytes[at] !== BYTE.cr || bytes[at + 1] !== BYTE.lf) return refuse(facts, 'control byte in a field value')
    let valueEnd = at
    while (valueEnd > valueStart && (bytes[valueEnd - 1] === BYTE.space || bytes[valueEnd - 1] === BYTE.tab)) valueEnd--
    at += 2

    const value = text.slice(valueStart - base, valueEnd - base)
    const known = findField(bytes, nameStart, nameEnd, hash)
    facts.fields++
    if (known === undefined) {
      out.push(text.slice(nameStart - base, nameEnd - base).toLowerCase(), value)
    } else if (known.meaning === FIELD.other) {
      out.push(known.name, value)
    } else {
      note(facts, known.meaning, value)
      if (!isForwarding || known.meaning === FIELD.host || known.meaning === FIELD.expect) out.push(known.name, value)
    }
  }
  return bytes[at + 1] === BYTE.lf || refuse(facts, 'bare CR')
}

function note(facts: FieldFacts, meaning: number, value: string): void {
  switch (meaning) {
    case FIELD.host:
      facts.hosts++
      facts.host = value
      break
    case FIELD.contentLength:
      facts.contentLength = facts.lengths++ === 0 ? value : `${facts.contentLength},${value}`
      break
    case FIELD.transferEncoding:
      facts.encodings++
      facts.transferEncoding = value
      break
    case FIELD.connection:
      facts.connection = facts.connection === undefined ? value : `${facts.connection},${value}`
      break
    case FIELD.expect:
      facts.expect = facts.expect === undefined ? value : `${facts.expect},${value}`
      break
    case FIELD.upgrade:
      facts.upgrade = facts.upgrade === undefined ? value : `${facts.upgrade},${value}`
      break
  }
}

function refuse(facts: FieldFacts, fault: string): false {
  facts.fault = fault
  return false
}

function faultOfName(bytes: Uint8Array, start: number, at: number): string {
  const byte = bytes[at]
  if (at === start && (byte === BYTE.space || byte === BYTE.tab)) return 'folded field line'
  if (byte === BYTE.space || byte === BYTE.tab) return 'space before the colon of a field'
  if (byte === BYTE.lf) return 'bare LF'
  return 'invalid byte in a field name'
}

/** The options of a Connection field (RFC 9110 §7.6.1), lower-case. */
export function connectionOptions(value: string): string[] {
  const options: string[] = []
  for (const option of value.split(',')) {
    const name = option.trim().toLowerCase()
    if (name !== '') options.push(name)
  }
  return options
}

/** Whether a message leaves its connection open (RFC 9112 §9.3). */
export function isKeepAlive(connection: string | undefined, version: '1.0' | '1.1'): boolean {
  if (connection === undefined || connection === 'keep-alive') return connection !== undefined || version === '1.1'
  const options = connectionOptions(connection)
  if (options.includes('close')) return false
  return version === '1.1' || options.includes('keep-alive')
}
