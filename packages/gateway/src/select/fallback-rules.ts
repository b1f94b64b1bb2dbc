import type { ModelSpec } from '@konnect/contract'
import { mayRefuse, type Refusal, refusalOf } from './vendor-refusal.ts'

const STATUSES = [401, 403, 404, 408, 409, 429, 500, 502, 503, 504, 529]

const SERVER_ERROR = 500

type Strategy = Pick<NonNullable<ModelSpec['strategy']>, 'on' | 'onContextOverflow' | 'onContentFilter'>

/** What an answer with an error means for the deployments further on. */
export interface Verdict {
  readonly mayFallBack: boolean
  /** The deployment itself is at fault: the status is listed, or one of a server's errors. */
  readonly isFault: boolean
  /** What the vendor says of the request. */
  readonly refusal: Refusal | undefined
}

/** After which answers of a vendor another deployment is asked. */
export class FallbackRules {
  readonly #statuses: ReadonlySet<number>
  readonly #refusals = new Set<Refusal>()

  constructor({ on = STATUSES, onContextOverflow = true, onContentFilter = false }: Strategy) {
    this.#statuses = new Set(on)
    if (onContextOverflow) this.#refusals.add('context_overflow')
    if (onContentFilter) this.#refusals.add('content_filter')
  }

  /** Whether only the body of an answer with this status can tell. */
  awaitsBody(status: number): boolean {
    return this.#refusals.size > 0 && mayRefuse(status) && !this.#statuses.has(status)
  }

  verdict(status: number, body?: Uint8Array): Verdict {
    const isListed = this.#statuses.has(status)
    const refusal = body === undefined ? undefined : refusalOf(status, body)
    return {
      isFault: isListed || status >= SERVER_ERROR,
      refusal,
      mayFallBack: isListed || (refusal !== undefined && this.#refusals.has(refusal)),
    }
  }

  /** Whether a successful answer, so far or as a whole, is one of a content filter that another deployment should replace. */
  isFiltered({
    finishReason,
    hasContent,
  }: {
    readonly finishReason: string | null
    readonly hasContent: boolean
  }): boolean {
    const isRefused = finishReason === 'content_filter' || finishReason === 'refusal'
    return isRefused && !hasContent && this.#refusals.has('content_filter')
  }
}
