import type { DialectId } from '../ports.ts'

/** How every marked signature begins. */
export const SEAL_MARK = 'konnect-seal:'

/**
 * The signature of a vendor whose dialect marks what it sealed, so that no vendor of another one is sent it. The mark
 * travels through clients of every dialect: to them signatures are opaque.
 */
export const markSeal = (dialect: DialectId, signature: string): string => `${SEAL_MARK}${dialect}:${signature}`

/** The signature without its mark when that dialect sealed it, otherwise `undefined`. */
export function unmarkSeal(dialect: DialectId, signature: string): string | undefined {
  const mark = markSeal(dialect, '')
  return signature.startsWith(mark) ? signature.slice(mark.length) : undefined
}

/** True for the signature of any dialect that marks. */
export const isMarkedSeal = (signature: string): boolean => signature.startsWith(SEAL_MARK)
