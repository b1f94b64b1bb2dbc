import type { Usage } from '@konnect/contract'

/** What every request of an operation that is answered in one piece has, whichever the operation. */
export interface OperationRequest {
  /** What reading already had to leave out, under the client's names. */
  readonly losses: readonly string[]
}

/** What every answer of such an operation has. */
export interface OperationAnswer {
  /** Null where the vendor counts no tokens. */
  readonly usage: Usage | null
}

/** The top-level fields that a reader does not know and that hold something, in their order. */
export const unknownFields = (body: object, known: ReadonlySet<string>): string[] =>
  Object.entries(body).flatMap(([name, value]) => (known.has(name) || value === null ? [] : [name]))
