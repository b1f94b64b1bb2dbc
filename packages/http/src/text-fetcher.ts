import {
  bodyOf,
  GatewayError,
  type HeaderList,
  headerOf,
  type TextAnswer,
  type TextFetcher,
  type TextRequest,
} from '@konnect/contract'
import { type AddressRule, resolveAllowed } from './address-rule.ts'
import type { UpstreamCall, UpstreamHandler } from './ports.ts'
import { HttpPool } from './upstream-pool.ts'

const DEFAULT_TIMEOUT_MS = 5_000
const DEFAULT_MAX_BYTES = 1024 * 1024

/**
 * A {@link TextFetcher} for URLs that an operator configured, e.g. a token endpoint: `http` and `https` only, no
 * redirects, no credentials in the URL, no encoded answers, at most the request's `timeoutMs` (DNS included) and
 * `maxBytes`. The address that was checked against `rule` is the one that is connected to.
 *
 * Rejects with GatewayError `dependency_unavailable`, whose `reason` says what happened. It names the URL, and nothing
 * else of the request.
 */
export function createTextFetcher(rule: AddressRule): TextFetcher {
  return async (request) => {
    const deadline = AbortSignal.timeout(request.timeoutMs ?? DEFAULT_TIMEOUT_MS)
    const signal = request.signal ? AbortSignal.any([request.signal, deadline]) : deadline
    try {
      const target = parseTarget(request.url)
      const address = await withSignal(resolveAllowed(target.hostname, rule), signal)
      return await exchangeText(request, { target, address }, signal)
    } catch (error) {
      throw unavailable(request.url, error)
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

/** Where a request goes, and the address that was found to be allowed. */
interface CheckedPlace {
  readonly target: URL
  readonly address: string
}

function exchangeText(request: TextRequest, place: CheckedPlace, signal: AbortSignal): Promise<TextAnswer> {
  const { target, address } = place
  const pool = new HttpPool({ origin: target.origin, address, maxIdle: 0 })
  let call: UpstreamCall | undefined
  const answer = new Promise<TextAnswer>((resolve, reject) => {
    const collector = new TextCollector(request.maxBytes ?? DEFAULT_MAX_BYTES, resolve, (error) => {
      reject(error)
      call?.abort()
    })
    // The signal ends the whole; the single steps need no limits of their own.
    const timeouts = { connectMs: NEVER_MS, headMs: NEVER_MS, idleMs: 0 }
    const { method, headers, body } = request
    call = pool.send(
      {
        method,
        target: target.pathname + target.search,
        headers: ['host', target.host, 'user-agent', 'konnect', ...headers],
        ...(body === undefined ? {} : { body: bodyOf(Buffer.from(body)) }),
      },
      collector,
      timeouts,
    )
  })
  return withSignal(answer, signal).finally(() => {
    call?.abort()
    pool.close()
  })
}

const NEVER_MS = 24 * 3_600_000

class TextCollector implements UpstreamHandler {
  readonly #chunks: Buffer[] = []
  readonly #maxBytes: number
  readonly #resolve: (answer: TextAnswer) => void
  readonly #reject: (error: Error) => void
  #status = 0
  #size = 0

  constructor(maxBytes: number, resolve: (answer: TextAnswer) => void, reject: (error: Error) => void) {
    this.#maxBytes = maxBytes
    this.#resolve = resolve
    this.#reject = reject
  }

  onHead(status: number, headers: HeaderList, length: number | undefined): void {
    this.#status = status
    if (headerOf(headers, 'content-encoding') !== undefined) this.#reject(new Error('The answer is encoded'))
    else if (length !== undefined && length > this.#maxBytes) this.#reject(this.#tooLarge())
  }

  onData(chunk: Uint8Array): boolean {
    this.#size += chunk.byteLength
    if (this.#size > this.#maxBytes) this.#reject(this.#tooLarge())
    else this.#chunks.push(Buffer.from(chunk))
    return true
  }

  onEnd(): void {
    this.#resolve({ status: this.#status, text: Buffer.concat(this.#chunks).toString('utf8') })
  }

  onError(failure: Error): void {
    this.#reject(failure)
  }

  #tooLarge(): Error {
    return new Error(`The answer is larger than ${this.#maxBytes} bytes`)
  }
}

function abortReason(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Error('Aborted')
}

/** `dependency_unavailable` for the operator: which URL, and what was wrong. */
export function unavailable(url: string, cause: unknown): GatewayError {
  if (cause instanceof GatewayError) return cause
  const what = cause instanceof Error ? cause.message : String(cause)
  return new GatewayError('dependency_unavailable', { reason: `Could not fetch ${url}: ${what}`, cause })
}
