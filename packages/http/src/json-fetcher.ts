import { GatewayError, type HeaderList, headerOf, type Json, type JsonFetcher } from '@konnect/contract'
import { type AddressRule, resolveAllowed } from './address-rule.ts'
import type { UpstreamCall, UpstreamHandler } from './ports.ts'
import { HttpPool } from './upstream-pool.ts'

const DEFAULT_TIMEOUT_MS = 5_000
const DEFAULT_MAX_BYTES = 1024 * 1024

/**
 * A {@link JsonFetcher} for URLs that an operator configured, e.g. a JWKS: `http` and `https` only, no redirects, no
 * credentials in the URL, at most `timeoutMs` (default 5 s, DNS included) and `maxBytes` (default 1 MiB). The address that
 * was checked against `rule` is the one that is connected to.
 *
 * Rejects with GatewayError `dependency_unavailable`, whose `reason` says what happened.
 */
export function createJsonFetcher(rule: AddressRule): JsonFetcher {
  return async (url, options = {}) => {
    const deadline = AbortSignal.timeout(options.timeoutMs ?? DEFAULT_TIMEOUT_MS)
    const signal = options.signal ? AbortSignal.any([options.signal, deadline]) : deadline
    try {
      const target = parseTarget(url)
      const address = await withSignal(resolveAllowed(target.hostname, rule), signal)
      const text = await fetchText(target, address, options.maxBytes ?? DEFAULT_MAX_BYTES, signal)
      return JSON.parse(text) as Json
    } catch (error) {
      throw unavailable(url, error)
    }
  }
}

function parseTarget(url: string): URL {
  const target = new URL(url)
  if (target.protocol !== 'http:' && target.protocol !== 'https:') throw new Error('The scheme is not http or https')
  if (target.username !== '' || target.password !== '') throw new Error('The URL holds credentials')
  return target
}

function withSignal<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(abortReason(signal))
    if (signal.aborted) onAbort()
    signal.addEventListener('abort', onAbort, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
  })
}

function fetchText(target: URL, address: string, maxBytes: number, signal: AbortSignal): Promise<string> {
  const pool = new HttpPool({ origin: target.origin, address, maxIdle: 0 })
  let call: UpstreamCall | undefined
  const answer = new Promise<string>((resolve, reject) => {
    const headers: HeaderList = ['host', target.host, 'accept', 'application/json', 'user-agent', 'konnect']
    const request = { method: 'GET', target: target.pathname + target.search, headers }
    // The signal ends the whole; the single steps need no limits of their own.
    const timeouts = { connectMs: NEVER_MS, headMs: NEVER_MS, idleMs: 0 }
    const collector = new JsonCollector(maxBytes, resolve, (error) => {
      reject(error)
      call?.abort()
    })
    call = pool.send(request, collector, timeouts)
  })
  return withSignal(answer, signal).finally(() => {
    call?.abort()
    pool.close()
  })
}

const NEVER_MS = 24 * 3_600_000

class JsonCollector implements UpstreamHandler {
  private readonly chunks: Buffer[] = []
  private size = 0
  private readonly maxBytes: number
  private readonly resolve: (text: string) => void
  private readonly reject: (error: Error) => void

  constructor(maxBytes: number, resolve: (text: string) => void, reject: (error: Error) => void) {
    this.maxBytes = maxBytes
    this.resolve = resolve
    this.reject = reject
  }

  onHead(status: number, headers: HeaderList, length: number | undefined): void {
    if (status !== 200) this.reject(new Error(`The answer has status ${status}`))
    else if (headerOf(headers, 'content-encoding') !== undefined) this.reject(new Error('The answer is encoded'))
    else if (length !== undefined && length > this.maxBytes) this.reject(this.tooLarge())
  }

  onData(chunk: Uint8Array): boolean {
    this.size += chunk.byteLength
    if (this.size > this.maxBytes) this.reject(this.tooLarge())
    else this.chunks.push(Buffer.from(chunk))
    return true
  }

  onEnd(): void {
    this.resolve(Buffer.concat(this.chunks).toString('utf8'))
  }

  onError(failure: Error): void {
    this.reject(failure)
  }

  private tooLarge(): Error {
    return new Error(`The answer is larger than ${this.maxBytes} bytes`)
  }
}

function abortReason(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Error('Aborted')
}

function unavailable(url: string, cause: unknown): GatewayError {
  const what = cause instanceof Error ? cause.message : String(cause)
  return new GatewayError('dependency_unavailable', { reason: `Could not fetch ${url}: ${what}`, cause })
}
