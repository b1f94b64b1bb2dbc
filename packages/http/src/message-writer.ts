import { STATUS_CODES } from 'node:http'
import { GatewayError, type HeaderList } from '@konnect/contract'

const UNSAFE = /[^\t\r\n -~\x80-\xff]|\r(?!\n)/
const REQUEST_LINE = /^[!#$%&'*+.^_`|~\w-]+ [!-~]+$/

/** `HTTP/1.1 200 OK` and so on, with their CRLF; by status. */
const statusLines: string[] = []
for (let status = 100; status < 1000; status++) {
  statusLines[status] = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n`
}

/** First line of a response. Throws `internal_error` for a status that HTTP does not have. */
export function statusLine(status: number): string {
  const line = statusLines[status]
  if (line === undefined) throw new GatewayError('internal_error', { reason: `There is no HTTP status ${status}` })
  return line
}

/** First line of a request. Throws `internal_error` when method or target hold what may not stand there. */
export function requestLine(method: string, target: string): string {
  const line = `${method} ${target}`
  if (!REQUEST_LINE.test(line)) throw new GatewayError('internal_error', { reason: 'Invalid method or request target' })
  return `${line} HTTP/1.1\r\n`
}

/** Field lines, each with its CRLF. Throws `internal_error` for a name or value that would bring a line of its own. */
export function fieldLines(headers: HeaderList): string {
  let lines = ''
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] as string
    const value = headers[i + 1] as string
    if (name.includes('\n') || value.includes('\n')) refuse()
    lines += `${name}: ${value}\r\n`
  }
  return lines
}

/**
 * Makes sure that `head`, made of lines of ours and of {@link fieldLines}, holds nothing but plain characters. Checking
 * the whole once costs less than checking each value. Throws `internal_error`.
 */
export function assertPlain(head: string): void {
  if (UNSAFE.test(head)) refuse()
}

function refuse(): never {
  throw new GatewayError('internal_error', { reason: 'A header field holds characters that cannot be sent' })
}

let dateLine = ''
let dateSecond = 0

/** The Date field of a response (RFC 9110 §6.6.1) with its CRLF; formatted once a second. */
export function currentDateLine(): string {
  const second = Math.floor(Date.now() / 1000)
  if (second !== dateSecond) {
    dateSecond = second
    dateLine = `date: ${new Date(second * 1000).toUTCString()}\r\n`
  }
  return dateLine
}
