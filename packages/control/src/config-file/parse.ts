import { type FieldFault, GatewayError, type JsonObject } from '@konnect/contract'
import { type Document, isMap, LineCounter, parseDocument } from 'yaml'
import { NodeReader } from './node-reader.ts'

/** Where a text comes from and what its `${env:NAME}` expressions may read. */
export interface ParseOptions {
  /** Named in faults. */
  readonly file: string
  /** Left out where the environment must not be read, as for texts that arrive over HTTP. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined
}

/** A configuration file, read. */
export interface ParsedConfig {
  readonly document: JsonObject
  /** Gives faults of the document their file, line and column, in the order of the file. */
  faultsAt(faults: readonly FieldFault[]): FieldFault[]
}

/**
 * Reads a declarative file in YAML 1.2 or JSON and expands `${env:NAME}`. Throws GatewayError `validation_failed` with
 * file, line and column for broken syntax, repeated keys, cyclic aliases, missing variables.
 */
export function parseConfigFile(text: string, options: ParseOptions): ParsedConfig {
  const lines = new LineCounter()
  const source = parsedSource(text, lines, options.file)
  const reader = new NodeReader({ ...options, source, lines })
  const value = source.contents === null ? {} : reader.read(source.contents)
  if (source.contents !== null && !isMap(source.contents))
    reader.fault(source.contents, 'Expected a mapping of resource lists, e.g. "apis:".')
  if (reader.faults.length > 0) throw refused(reader.faults)
  return {
    document: value as JsonObject,
    faultsAt: (faults) => faults.map((fault) => ({ ...fault, ...reader.placeOf(fault) })).sort(byPlace),
  }
}

function parsedSource(text: string, lines: LineCounter, file: string): Document.Parsed {
  let source: Document.Parsed
  try {
    source = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true, version: '1.2' })
  } catch (error) {
    // Nesting beyond the stack; the parser recurses.
    throw refused([{ path: '', message: 'This is nested too deeply.', file, line: 1, column: 1 }], error)
  }
  const [first] = source.errors
  if (!first) return source
  const { line, col } = lines.linePos(first.pos[0])
  throw refused([{ path: '', message: sentence(first.message), file, line, column: col }], first)
}

const sentence = (message: string): string => (/[.!?]$/.test(message) ? message : `${message}.`)

const byPlace = (a: FieldFault, b: FieldFault): number =>
  (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0)

/** The refusal of a file: the first fault is the detail, with its place. */
export function refused(errors: readonly FieldFault[], cause?: unknown): GatewayError {
  const [first] = errors
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : ''
  const detail = first
    ? `${first.file}:${first.line}:${first.column}: ${first.message}${more}`
    : 'The file is not valid.'
  return new GatewayError('validation_failed', { detail, errors, ...(cause === undefined ? {} : { cause }) })
}
