import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { BodySource, ErrorCode, HeaderList } from '@konnect/contract'

/** A request that passed the strict gate. */
export interface IncomingRequest {
  readonly method: string
  /** Normalised once (RFC 3986 §6.2.2 and §5.2.4), without the query. This path is matched and this path goes upstream. */
  readonly path: string
  /** Without the question mark; empty when there is none. Not normalised. */
  readonly query: string
  /** Lower-case, with the port where the client sent one. Empty for HTTP/1.0 without Host. */
  readonly host: string
  /** As received, names lower-case, hop-by-hop fields included. Owned by the receiver, who may change it. */
  readonly headers: HeaderList
  readonly version: '1.0' | '1.1'
  readonly body: BodySource
  readonly remoteAddress: string
  readonly isSecure: boolean
  /** `performance.now()` when the first byte of the request had arrived. */
  readonly receivedAt: number
  /** Lower-case protocol of an Upgrade request that Connection nominates, e.g. `websocket`. */
  readonly upgrade: string | undefined
}

/** The way back to one client, for one request. Whoever holds it must end or destroy it. */
export interface Responder {
  readonly isHeadSent: boolean
  /** The response is complete or the connection is gone. */
  readonly isDone: boolean
  /** Bytes written so far, head included. */
  readonly bytesWritten: number
  /**
   * Sends the head. `bodyLength` writes Content-Length; undefined chunks the body (HTTP/1.0: ends with the connection).
   * `headers` must not hold hop-by-hop fields, Content-Length or Transfer-Encoding. For HEAD, 204 and 304 no body is sent;
   * a HEAD response keeps the `bodyLength` that is given.
   */
  head(status: number, headers: HeaderList, bodyLength?: number): void
  /** `false`: the client is slow; wait for `onDrain`. */
  write(chunk: Uint8Array): boolean
  end(trailers?: HeaderList): void
  /** Head, body and end in one write. */
  send(status: number, headers: HeaderList, body: string | Uint8Array): void
  /** A 1xx response before the final one. */
  informational(status: number, headers: HeaderList): void
  /** Answers 101 and hands over the socket. Bytes that came early are un-shifted into it. */
  upgrade(headers: HeaderList): Duplex
  /** Breaks the connection off; a client sees a truncated response. */
  destroy(): void
  onDrain: (() => void) | undefined
  /** The client went away before the response was complete. Called at most once. */
  onClose: (() => void) | undefined
}

export type RequestHandler = (request: IncomingRequest, responder: Responder) => void

/** Limits of a listener. */
export interface ListenerLimits {
  /** Request line and header section together. Default 32 KiB; 431 (414 for the target alone) beyond it. */
  readonly maxHeadBytes?: number
  /** Default 100. */
  readonly maxHeaders?: number
  /** Longest time for a request head to arrive, from its first byte. Default 10 s; 408 beyond it. */
  readonly headTimeoutMs?: number
  /** Longest silence between two requests of a connection. Default 75 s. */
  readonly keepAliveMs?: number
  /** Longest silence inside a request body. Default 60 s. */
  readonly bodyIdleMs?: number
}

export interface ListenerOptions {
  readonly handler: RequestHandler
  readonly limits?: ListenerLimits
  /** PEM; switches TLS on. */
  readonly tls?: { readonly key: string; readonly cert: string }
  /** A request that the gate refused; it has been answered with `status` and the connection closes. */
  readonly onRefused?: (refusal: {
    readonly status: number
    readonly reason: string
    readonly remoteAddress: string
  }) => void
}

export interface Listener {
  /** Resolves with the port that was taken; 0 asks for any. */
  listen(port: number, host?: string): Promise<number>
  /** Serves a connection that someone else accepted, e.g. the parent of several workers; before TLS, where that is on. */
  adopt(socket: Socket): void
  readonly connections: number
  /** Stops accepting, closes idle connections, lets requests in flight finish for `graceMs`, then breaks them off. */
  close(graceMs: number): Promise<void>
}

/** A request on its way to a target. */
export interface UpstreamRequest {
  readonly method: string
  /** Path and query as they go on the wire. */
  readonly target: string
  /** Final fields, Host included, without Content-Length, Transfer-Encoding and Connection: the client writes those. */
  readonly headers: HeaderList
  /** Left out when there is none. A known `length` is sent as Content-Length, otherwise the body is chunked. */
  readonly body?: BodySource
  /** Asks to switch to this protocol; the fields `upgrade` and `connection` are written by the client. */
  readonly upgrade?: string
}

/** Hears what comes back. Exactly one of `onEnd`, `onError`, `onUpgrade` comes last. Nothing comes after `abort()`. */
export interface UpstreamHandler {
  onInformational?(status: number, headers: HeaderList): void
  /** `length`: of the body, where the upstream said so. Hop-by-hop fields, Content-Length and Transfer-Encoding are gone from `headers`. */
  onHead(status: number, headers: HeaderList, length: number | undefined): void
  /** `false` pauses the upstream until `resume()`. The chunk may be a view of a shared buffer: use or copy it now. */
  onData(chunk: Uint8Array): boolean
  onEnd(trailers?: HeaderList): void
  /** When the request body broke off, `failure.cause` is the error that its source gave. */
  onError(failure: UpstreamFailure): void
  onUpgrade?(headers: HeaderList, socket: Duplex): void
}

/** Why an upstream did not answer, or not completely. */
export class UpstreamFailure extends Error {
  override readonly name = 'UpstreamFailure'
  readonly code: Extract<
    ErrorCode,
    'upstream_unreachable' | 'upstream_timeout' | 'upstream_invalid' | 'upstream_truncated'
  >
  /** False only when the upstream certainly saw nothing of the request: repeating it is then safe for every method. */
  readonly wasSent: boolean

  constructor(code: UpstreamFailure['code'], message: string, wasSent: boolean, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
    this.wasSent = wasSent
  }
}

export interface UpstreamTimeouts {
  /** Connect and TLS handshake. */
  readonly connectMs: number
  /** From the request's last byte (or, while the body is still going out, its last progress) to the response head. */
  readonly headMs: number
  /** Longest silence inside the response body. 0: none. */
  readonly idleMs: number
}

export interface UpstreamCall {
  /** Continues after an `onData` that returned false. */
  resume(): void
  /** Gives up: the connection is closed unless the response was complete, and the request body is cancelled. */
  abort(): void
}

/** Keep-alive connections to one origin. */
export interface UpstreamPool {
  readonly origin: string
  /** Requests in flight. */
  readonly active: number
  send(request: UpstreamRequest, handler: UpstreamHandler, timeouts: UpstreamTimeouts): UpstreamCall
  /** Closes idle connections now and the others when they finish. */
  close(): void
}

export interface UpstreamPoolOptions {
  /** Scheme, host and port. */
  readonly origin: string
  /** Idle connections kept. Default 256. */
  readonly maxIdle?: number
  /** How long an idle connection is kept. Default 4 s, under the usual 5 s of servers. */
  readonly maxIdleMs?: number
  /** Extra PEM certificate authorities. */
  readonly ca?: string
}
