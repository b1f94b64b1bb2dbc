import { randomBytes } from 'node:crypto'
import { type BodySink, type BodySource, GatewayError } from '@konnect/contract'
import { BatchLines, type VendorName } from './batch-lines.ts'
import { type FormPart, FormReader, headOf } from './form-reader.ts'

/** Largest file; what vendors take is not more. */
const MAX_FILE_BYTES = 512 * 1024 * 1024
const MAX_FIELD_BYTES = 64 * 1024
const BATCH = 'batch'
const PURPOSE = /^[a-z0-9_-]{1,64}$/

export interface UploadOptions {
  readonly source: BodySource
  /** The boundary of the client's form. */
  readonly boundary: string
  readonly vendorName: VendorName
  /** The file name under which the vendor keeps the file. */
  readonly storedName: (fileName: string) => string
}

/**
 * A form with a file on its way to the vendor. It is written anew, part by part, so that what was read here is what the
 * vendor reads; the field `model` is the gateway's own and stays here. A file of the purpose `batch` gets the vendor's names.
 */
export class UploadBody implements BodySource, BodySink {
  readonly length = undefined
  readonly isEmpty = false
  readonly #options: UploadOptions
  readonly #reader: FormReader
  readonly #boundary = `konnect-${randomBytes(16).toString('hex')}`
  #sink: BodySink | undefined
  #part: FormPart | undefined
  #field: Buffer[] = []
  #size = 0
  #purpose: string | undefined
  #lines: BatchLines | undefined
  #mayGoOn = true
  #isOver = false

  constructor(options: UploadOptions) {
    this.#options = options
    this.#reader = new FormReader(options.boundary, {
      onPart: (part) => this.#onPart(part),
      onContent: (bytes) => this.#onContent(bytes),
      onPartEnd: () => this.#onPartEnd(),
    })
  }

  get contentType(): string {
    return `multipart/form-data; boundary=${this.#boundary}`
  }

  pipeTo(sink: BodySink): void {
    this.#sink = sink
    this.#options.source.pipeTo(this)
  }

  resume(): void {
    this.#options.source.resume()
  }

  cancel(error?: Error): void {
    this.#isOver = true
    this.#options.source.cancel(error)
  }

  write(chunk: Uint8Array): boolean {
    this.#mayGoOn = true
    this.#attempt(() => this.#reader.write(chunk))
    return this.#mayGoOn
  }

  end(): void {
    this.#attempt(() => {
      this.#reader.end()
      this.#check()
      this.#out(`--${this.#boundary}--\r\n`)
      this.#isOver = true
      this.#sink?.end()
    })
  }

  fail(error: Error): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#sink?.fail(error)
  }

  /** A fault of the form ends the upload before the vendor has all of it, so that nothing of it is kept. */
  #attempt(step: () => void): void {
    if (this.#isOver) return
    try {
      step()
    } catch (error) {
      this.fail(error as Error)
      this.#options.source.cancel()
    }
  }

  #out(bytes: string | Buffer): void {
    if (bytes.length === 0 || this.#sink === undefined) return
    this.#mayGoOn = this.#sink.write(typeof bytes === 'string' ? Buffer.from(bytes) : bytes) && this.#mayGoOn
  }

  #onPart(part: FormPart): void {
    this.#part = part
    this.#field = []
    this.#size = 0
    if (part.fileName === undefined) return
    if (this.#lines !== undefined) throw invalid('The form must have one file.')
    const mode = this.#purpose === undefined ? 'open' : this.#purpose === BATCH ? 'batch' : 'plain'
    this.#lines = new BatchLines(mode, this.#options.vendorName)
    this.#out(headOf(this.#boundary, { ...part, fileName: this.#options.storedName(part.fileName) }))
  }

  #onContent(bytes: Buffer): void {
    const isFile = this.#part?.fileName !== undefined
    this.#size += bytes.length
    if (this.#size > (isFile ? MAX_FILE_BYTES : MAX_FIELD_BYTES)) throw new GatewayError('body_too_large')
    if (isFile) this.#out(Buffer.from(this.#lines?.write(bytes) ?? bytes))
    else this.#field.push(Buffer.from(bytes))
  }

  #onPartEnd(): void {
    const part = this.#part
    if (part === undefined) return
    if (part.fileName === undefined) this.#onField(part, Buffer.concat(this.#field))
    else this.#out(this.#lines?.end() ?? '')
    if (part.fileName !== undefined) this.#out('\r\n')
  }

  #onField(part: FormPart, value: Buffer): void {
    if (part.name === 'model') return
    if (part.name === 'purpose') {
      if (this.#purpose !== undefined) throw invalid('"purpose" occurs more than once.')
      this.#purpose = value.toString('utf8')
      // What a vendor would trim or fold to another purpose could pass here as none that concerns the gateway.
      if (!PURPOSE.test(this.#purpose)) throw invalid('"purpose" must be a word such as "batch" or "user_data".')
    }
    this.#out(headOf(this.#boundary, part))
    this.#out(value)
    this.#out('\r\n')
  }

  /** The purpose may come after the file, when the file has been taken for what its first line said. */
  #check(): void {
    if (this.#purpose === undefined) throw invalid('The form needs a field "purpose".')
    const { mode = 'plain', hasChanged = false } = this.#lines ?? {}
    if (this.#purpose === BATCH && mode !== 'batch') {
      throw invalid('Line 1 of the file is not a JSON object whose "body" names a model.')
    }
    if (this.#purpose !== BATCH && hasChanged) {
      throw invalid('The file looks like a batch, and "purpose" says otherwise. Send "purpose" before "file".')
    }
  }
}

const invalid = (detail: string) => new GatewayError('invalid_request', { detail })
