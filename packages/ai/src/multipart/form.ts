import { GatewayError } from '@konnect/contract'

/** One part of a form and where its content stands in the bytes. */
export interface FormPart {
  readonly name: string
  readonly isFile: boolean
  readonly start: number
  readonly end: number
}

/** A `multipart/form-data` body, read without its header. */
export interface Form {
  readonly contentType: string
  readonly parts: readonly FormPart[]
}

const MAX_BOUNDARY = 70
const MAX_PARTS = 256
const BOUNDARY = /^[0-9A-Za-z'()+_,./:=? -]{0,69}[0-9A-Za-z'()+_,./:=?-]$/
const HEAD_END = Buffer.from('\r\n\r\n')

/**
 * Finds the parts of a form (RFC 7578) in its bytes; the boundary is what the first line says. Contents are neither copied
 * nor decoded. Throws `invalid_request` for what is no complete form.
 */
export function readForm(bytes: Buffer): Form {
  const lineEnd = bytes.indexOf('\r\n')
  const boundary = bytes.toString('latin1', 2, lineEnd)
  const isOpened = bytes.toString('latin1', 0, 2) === '--'
  if (lineEnd < 3 || lineEnd > MAX_BOUNDARY + 2 || !isOpened || !BOUNDARY.test(boundary)) throw noForm()
  const delimiter = Buffer.from(`\r\n--${boundary}`, 'latin1')
  const parts: FormPart[] = []
  let at = lineEnd + 2
  for (;;) {
    const headEnd = bytes.indexOf(HEAD_END, at)
    const end = headEnd < 0 ? -1 : bytes.indexOf(delimiter, headEnd + 2)
    if (end < 0 || parts.length === MAX_PARTS) throw noForm()
    parts.push(partOf(bytes.toString('utf8', at, headEnd), Math.min(headEnd + 4, end), end))
    const after = end + delimiter.length
    if (bytes.toString('latin1', after, after + 2) === '--') break
    if (bytes.toString('latin1', after, after + 2) !== '\r\n') throw noForm()
    at = after + 2
  }
  return { contentType: `multipart/form-data; boundary="${boundary}"`, parts }
}

const noForm = () => new GatewayError('invalid_request', { detail: 'The request body must be multipart/form-data.' })

function partOf(head: string, start: number, end: number): FormPart {
  const disposition = /^content-disposition:\s*form-data\s*;(.*)$/im.exec(head)?.[1]
  const name = disposition && /(?:^|;)\s*name="((?:[^"\\]|\\.)*)"/i.exec(disposition)?.[1]
  if (name === undefined) throw noForm()
  return { name: name.replace(/\\(.)/g, '$1'), isFile: /;\s*filename\*?=/i.test(`;${disposition}`), start, end }
}
