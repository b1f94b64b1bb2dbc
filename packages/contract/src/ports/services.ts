import type { Call } from '../call.ts'
import type { HeaderList } from '../headers.ts'
import type { Json } from '../json.ts'
import type { SignedSnapshot } from '../snapshot.ts'

/** Structured log. `error`, where given, is an Error. Secrets never go in. */
export interface Logger {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

/** A logger that says nothing; for tests. */
export const silentLogger: Logger = { debug() {}, info() {}, warn() {}, error() {} }

/** Authenticated encryption for secrets at rest (AES-256-GCM, key derived from the master key). */
export interface SecretBox {
  /** Text of the form `sealed:v1:…`. */
  seal(plain: string): string
  /** Throws GatewayError `secret_unreadable`. */
  open(sealed: string): string
  isSealed(text: string): boolean
}

/** Signs and verifies Snapshots (Ed25519, RFC 8032). */
export interface SnapshotSigner {
  sign(payload: string): string
  verify(payload: string, signature: string): boolean
}

/** Where a gateway gets Snapshots from. */
export interface SnapshotSource {
  /** Resolves with the first Snapshot newer than `version`, or undefined after at most `waitMs`. Rejects when out of reach. */
  next(version: number, waitMs: number, signal: AbortSignal): Promise<SignedSnapshot | undefined>
}

/** Where finished Calls go. Never blocks and never throws; what cannot be kept is counted. */
export interface CallSink {
  record(call: Call): void
}

/** Fetches a small JSON document of an operator-configured URL, with limits on time, size and reachable addresses. */
export type JsonFetcher = (
  url: string,
  options?: { readonly timeoutMs?: number; readonly maxBytes?: number; readonly signal?: AbortSignal },
) => Promise<Json>

/** A small request to an operator-configured URL. */
export interface TextRequest {
  readonly method: 'GET' | 'POST'
  /** Absolute; `http` or `https`. */
  readonly url: string
  /** Names lower-case. Host and length are added. */
  readonly headers: HeaderList
  /** Left out when there is none. */
  readonly body?: string
  /** Until the whole answer is there. Default 5 s. */
  readonly timeoutMs?: number
  /** Largest answer. Default 1 MiB. */
  readonly maxBytes?: number
  readonly signal?: AbortSignal
}

/** The answer to a {@link TextRequest}, whatever its status. */
export interface TextAnswer {
  readonly status: number
  readonly text: string
}

/** Sends a small request to an operator-configured URL, with limits on time, size and reachable addresses. */
export type TextFetcher = (request: TextRequest) => Promise<TextAnswer>
