import { type Cost, type DialectId, type Pricer, type SessionWatch, sumUsd, type UsageReport } from '@konnect/ai'
import type { AiCall, Usage } from '@konnect/contract'
import type { Deployment, ModelPlan } from '../plan/ai-plan.ts'
import { servedFrom } from '../translate/served-from.ts'

/**
 * Keeps the accounts of one session. Each report is priced by itself, as the vendor does: a price that depends on the size of
 * a prompt means each prompt, and what is transcribed costs what the transcribing model does.
 */
export class SessionLedger {
  readonly #dialect: DialectId
  readonly #pricers = new Map<string, Pricer>()
  #model: ModelPlan | undefined
  #deployment: Deployment | undefined
  #watch: Pick<SessionWatch, 'isUnreported'> | undefined
  #usage: Usage | null = null
  #costUsd: string | null = null
  #source: Cost['source'] = null
  #isUnpriced = false
  #isPartlyUnpriced = false
  isTruncated = false

  constructor(dialect: DialectId) {
    this.#dialect = dialect
  }

  target(model: ModelPlan): void {
    this.#model = model
  }

  attempt(deployment: Deployment): void {
    this.#deployment = deployment
  }

  watching(watch: Pick<SessionWatch, 'isUnreported'>): void {
    this.#watch = watch
  }

  readonly add = ({ usage, model }: UsageReport): void => {
    this.#usage = this.#usage === null ? usage : sumOf(this.#usage, usage)
    const { usd, source } = this.#pricerOf(model)?.costOf(usage) ?? { usd: null, source: null }
    if (usd !== null) this.#costUsd = sumUsd([this.#costUsd ?? '0', usd])
    else if (model === undefined) this.#isUnpriced = true
    else this.#isPartlyUnpriced = true
    if (model === undefined) this.#source = source
  }

  #pricerOf(model: string | undefined): Pricer | undefined {
    if (model === undefined) return this.#deployment?.pricer
    if (model === '') return undefined
    let pricer = this.#pricers.get(model)
    if (pricer === undefined) {
      pricer = this.#deployment?.pricerOf(model)
      if (pricer !== undefined) this.#pricers.set(model, pricer)
    }
    return pricer
  }

  /** Null while the model is not known. */
  record(): AiCall | null {
    const model = this.#model
    if (model === undefined) return null
    const deployment = this.#deployment
    const isEstimated = this.#watch?.isUnreported === true || this.#isPartlyUnpriced
    return {
      dialect: this.#dialect,
      model: model.name,
      modelId: model.id,
      providerId: deployment?.providerId ?? null,
      provider: deployment?.provider ?? null,
      vendor: deployment?.vendor ?? null,
      upstreamModel: deployment?.model ?? null,
      isStream: true,
      usage: this.#usage,
      ...(isEstimated ? { isEstimated } : {}),
      costUsd: this.#isUnpriced ? null : this.#costUsd,
      priceSource: this.#source,
      finishReason: null,
      firstTokenMs: null,
      isTruncated: this.isTruncated,
      dropped: [],
      ...servedFrom(model, deployment),
    }
  }
}

function sumOf(a: Usage, b: Usage): Usage {
  return {
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    cachedInputTokens: a.cachedInputTokens + b.cachedInputTokens,
    cacheWriteTokens: a.cacheWriteTokens + b.cacheWriteTokens,
    cacheWriteLongTokens: a.cacheWriteLongTokens + b.cacheWriteLongTokens,
    reasoningTokens: a.reasoningTokens + b.reasoningTokens,
    inputAudioTokens: (a.inputAudioTokens ?? 0) + (b.inputAudioTokens ?? 0),
    cachedInputAudioTokens: (a.cachedInputAudioTokens ?? 0) + (b.cachedInputAudioTokens ?? 0),
    outputAudioTokens: (a.outputAudioTokens ?? 0) + (b.outputAudioTokens ?? 0),
  }
}
