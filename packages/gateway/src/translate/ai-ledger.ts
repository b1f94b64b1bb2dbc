import type { DialectId, ResponseFacts, StreamTranslation } from '@konnect/ai'
import type { AiCall, Usage } from '@konnect/contract'
import type { Deployment, ModelPlan } from '../plan/ai-plan.ts'
import { servedFrom } from './served-from.ts'

const NEWLINE = 10
const BYTES_PER_TOKEN = 4

/** Keeps the accounts of one AI request while it moves. */
export class AiLedger {
  readonly #dialect: DialectId
  readonly #requestBytes: number
  #model: ModelPlan | undefined
  #isStream = false
  #shadowOf: string | undefined
  #deployment: Deployment | undefined
  #whole: ResponseFacts | undefined
  #firstTokenMs: number | null = null
  #events = 0
  #lastByte = 0
  dropped: readonly string[] = []

  constructor(dialect: DialectId, requestBytes: number) {
    this.#dialect = dialect
    this.#requestBytes = requestBytes
  }

  /** `shadowOf`: id of the exchange that this one is made to compare with. */
  target(model: ModelPlan, isStream: boolean, shadowOf?: string): void {
    this.#model = model
    this.#isStream = isStream
    this.#shadowOf = shadowOf
  }

  attempt(deployment: Deployment): void {
    this.#deployment = deployment
    this.#events = 0
  }

  firstContent(receivedAt: number): void {
    this.#firstTokenMs ??= Math.round((performance.now() - receivedAt) * 1000) / 1000
  }

  /** Counts events by their blank lines, for the case that the vendor never reports its usage. */
  streamChunk(chunk: Uint8Array): void {
    let last = this.#lastByte
    for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, at + 1)) {
      const before = at === 0 ? last : chunk[at - 1]
      if (before === NEWLINE) this.#events++
      last = NEWLINE
    }
    this.#lastByte = chunk[chunk.byteLength - 1] ?? last
  }

  whole(facts: ResponseFacts): void {
    this.#whole = facts
  }

  record(stream: StreamTranslation | undefined): AiCall | null {
    const model = this.#model
    if (model === undefined) return null
    const deployment = this.#deployment
    const facts = this.#whole ?? stream?.facts
    const isEstimated = stream !== undefined && !stream.facts.isComplete
    const usage = isEstimated ? this.#estimate(stream.facts.usage) : (facts?.usage ?? null)
    const cost = usage === null ? undefined : deployment?.pricer.costOf(usage)
    return {
      dialect: this.#dialect,
      model: model.name,
      modelId: model.id,
      providerId: deployment?.providerId ?? null,
      provider: deployment?.provider ?? null,
      vendor: deployment?.vendor ?? null,
      upstreamModel: deployment?.model ?? null,
      isStream: this.#isStream,
      usage,
      ...(isEstimated ? { isEstimated } : {}),
      costUsd: cost?.usd ?? null,
      priceSource: cost?.source ?? null,
      finishReason: facts?.finishReason ?? null,
      firstTokenMs: this.#firstTokenMs,
      isTruncated: stream !== undefined && !stream.facts.isComplete,
      dropped: [...this.dropped, ...(facts?.dropped ?? [])],
      ...servedFrom(model, deployment),
      ...(this.#shadowOf === undefined ? {} : { shadowOf: this.#shadowOf }),
    }
  }

  /**
   * What can be known of a stream that ended early: what the vendor had reported, four bytes of request a token where it
   * had reported nothing, and a token for each event that came.
   */
  #estimate(reported: Usage | null): Usage {
    return {
      inputTokens: reported?.inputTokens ?? Math.ceil(this.#requestBytes / BYTES_PER_TOKEN),
      outputTokens: Math.max(reported?.outputTokens ?? 0, this.#events),
      cachedInputTokens: reported?.cachedInputTokens ?? 0,
      cacheWriteTokens: reported?.cacheWriteTokens ?? 0,
      cacheWriteLongTokens: reported?.cacheWriteLongTokens ?? 0,
      reasoningTokens: reported?.reasoningTokens ?? 0,
    }
  }
}
