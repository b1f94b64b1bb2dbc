import { markSeal, unmarkSeal } from '../../canonical/seal.ts'
import { GEMINI } from './id.ts'

// Some clients decode signatures as base64, so what is written for them has to be base64: both marks are whole groups.
const FOREIGN = 'KonnectForeign01'
const REDACTED = 'KonnectRedacted1'

const encode = (mark: string, text: string): string => mark + Buffer.from(text).toString('base64')
const decode = (mark: string, text: string): string => Buffer.from(text.slice(mark.length), 'base64').toString()

/** Bytes that stand in a body only when it holds a signature or reasoning of another dialect. */
export const FOREIGN_MARKS: readonly string[] = [FOREIGN, REDACTED]

/** True for a `thoughtSignature` that this gateway wrote for what another dialect sealed or redacted. */
export const isForeignSeal = (wire: string): boolean => FOREIGN_MARKS.some((mark) => wire.startsWith(mark))

/** Reads `thoughtSignature`. */
export const readSeal = (wire: string): string =>
  wire.startsWith(FOREIGN) ? decode(FOREIGN, wire) : markSeal(GEMINI, wire)

/** Writes `thoughtSignature` for a client. */
export const writeSeal = (signature: string): string => ownSeal(signature) ?? encode(FOREIGN, signature)

/** The signature as a vendor of this dialect gave it; `undefined` when it is another vendor's. */
export const ownSeal = (signature: string): string | undefined => unmarkSeal(GEMINI, signature)

/** Redacted reasoning that a client holds as a signature, or `undefined`. */
export const readRedacted = (wire: string): string | undefined =>
  wire.startsWith(REDACTED) ? decode(REDACTED, wire) : undefined

/** Redacted reasoning of another dialect as a `thoughtSignature` for a client. */
export const writeRedacted = (data: string): string => encode(REDACTED, data)
