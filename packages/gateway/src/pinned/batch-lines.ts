import { type Edit, splice } from '@konnect/ai'
import { GatewayError, isJsonObject, type JsonObject } from '@konnect/contract'
import { compilePlaces, findStrings } from './id-places.ts'
import { LineCutter, linesOf } from './line-cutter.ts'

/** Largest line of a batch: as large as the same request may be when it comes alone. */
const MAX_LINE_BYTES = 32 * 1024 * 1024

/** What a line of a batch names that means something else to the vendor. */
export type LineNameKind = 'model' | 'file' | 'response'

const PLACES = compilePlaces<LineNameKind>({
  'body.model': 'model',
  'body.previous_response_id': 'response',
  'body.messages.*.content.*.file.file_id': 'file',
  'body.input.*.content.*.file_id': 'file',
  'body.tools.*.container.file_ids.*': 'file',
})

/** Gives the vendor's name of what a line names, or throws a GatewayError that says what is wrong with it. */
export type VendorName = (kind: LineNameKind, name: string) => string

const NOTHING = Buffer.alloc(0)
const OPEN_OBJECT = 0x7b

/** How a file is taken: as a batch, as it is, or as what its first line says. */
export type LineMode = 'batch' | 'plain' | 'open'

/**
 * The lines of a batch on their way to the vendor, whose names replace the public ones; never more than one line is held.
 * Throws `invalid_request` that names the first line at fault.
 */
export class BatchLines {
  readonly #vendorName: VendorName
  readonly #lines = new LineCutter()
  #mode: LineMode
  #number = 0
  /** Whether anything of the file became something else. */
  hasChanged = false

  constructor(mode: LineMode, vendorName: VendorName) {
    this.#mode = mode
    this.#vendorName = vendorName
  }

  /** Never `open` after `end`. */
  get mode(): LineMode {
    return this.#mode
  }

  write(chunk: Buffer): Buffer {
    if (this.#mode === 'plain') return chunk
    const whole = this.#lines.push(chunk)
    if (this.#mode === 'open' && whole.length === 0 && !this.#mayBeBatch()) return this.#passOn(whole)
    if (this.#lines.pending > MAX_LINE_BYTES) throw this.#fault(`is larger than ${MAX_LINE_BYTES} bytes`, 1)
    return this.#replaced(whole)
  }

  end(): Buffer {
    const out = this.#mode === 'plain' ? NOTHING : this.#replaced(this.#lines.rest())
    if (this.#mode === 'open') this.#mode = 'plain'
    return out
  }

  /** What could become a line of a batch begins like an object, and is not longer than such a line may be. */
  #mayBeBatch(): boolean {
    return this.#lines.begins(OPEN_OBJECT) && this.#lines.pending <= MAX_LINE_BYTES
  }

  #passOn(whole: Buffer): Buffer {
    this.#mode = 'plain'
    return Buffer.concat([whole, this.#lines.rest()])
  }

  #replaced(whole: Buffer): Buffer {
    const out: Buffer[] = []
    for (const line of linesOf(whole)) {
      this.#number++
      if (this.#mode === 'open' && !isBlank(line)) this.#mode = isRequest(parsed(line)) ? 'batch' : 'plain'
      out.push(this.#mode === 'batch' && !isBlank(line) ? this.#line(line) : line)
    }
    if (this.#mode === 'plain') out.push(this.#lines.rest())
    return out.length === 1 ? (out[0] ?? NOTHING) : Buffer.concat(out)
  }

  #line(line: Buffer): Buffer {
    if (!isRequest(parsed(line))) {
      throw this.#fault('is not a JSON object whose "body" names a model')
    }
    const found = findStrings(line, PLACES)
    if (found.filter(({ kind }) => kind === 'model').length > 1) throw this.#fault('names its model more than once')
    const edits = found.map(({ kind, value, start, end }): Edit => {
      const text = JSON.stringify(this.#nameOf(kind, value))
      this.hasChanged ||= text !== line.toString('utf8', start, end)
      return { start, end, text }
    })
    return splice(line, edits)
  }

  #nameOf(kind: LineNameKind, name: string): string {
    try {
      return this.#vendorName(kind, name)
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error
      throw new GatewayError(error.code, { detail: `Line ${this.#number}: ${error.detail}`, status: error.status })
    }
  }

  #fault(what: string, ahead = 0): GatewayError {
    return new GatewayError('invalid_request', { detail: `Line ${this.#number + ahead} of the file ${what}.` })
  }
}

const isBlank = (line: Buffer): boolean => line.length < 64 && line.toString('latin1').trim() === ''

function parsed(line: Buffer): unknown {
  try {
    return JSON.parse(line.toString('utf8').replace(/^\uFEFF/, ''))
  } catch {
    return undefined
  }
}

/** A line of a batch input: a request body that names a model. */
const isRequest = (value: unknown): value is JsonObject =>
  isJsonObject(value) && isJsonObject(value.body) && typeof value.body.model === 'string'
