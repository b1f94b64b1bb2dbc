import { createHash } from 'node:crypto'
import { type Cost, type DialectId, percentOfUsd, readAnswerFacts, sumUsd } from '@konnect/ai'
import {
  type AiCall,
  type Call,
  type CallSink,
  isJsonObject,
  type Json,
  type JsonObject,
  type Logger,
  type StateStore,
  type Usage,
} from '@konnect/contract'
import type { ActiveExchange } from '../exchange/active-exchange.ts'
import type { Deployment, ModelPlan } from '../plan/ai-plan.ts'
import type { ProviderStore } from './stores.ts'

/** What the batch ledger works with. */
export interface BatchLedgerOptions {
  readonly calls: CallSink
  readonly state: StateStore
  readonly logger: Logger
  /** Name of this node and worker in Calls. */
  readonly node: string
}

/** A batch that is over. */
export interface EndedBatch {
  readonly store: ProviderStore
  /** The vendor's id. */
  readonly id: string
  /** When it ended; milliseconds since the epoch. The same however often it is asked for. */
  readonly endedAtMs: number
  /** Path at which clients find batches of this kind. */
  readonly path: string
  /** In the words of Calls. */
  readonly dialect: string
}

/** What the requests of a batch used, of one model. */
export interface BatchUse {
  readonly model: ModelPlan
  readonly upstreamModel: string
  readonly usage: Usage
  readonly cost: Cost
}

/** Longer than any vendor keeps a batch. */
const REMEMBERED_MS = 45 * 24 * 60 * 60 * 1000

/**
 * Records what batches used, each batch as one Call of its own, whoever asks for it how often. The Call has an id and a time
 * that follow from the batch: where two gateways record the same one, the store of calls keeps it once. What the shared state
 * remembers only spares the repetition.
 */
export class BatchLedger {
  readonly #options: BatchLedgerOptions

  constructor(options: BatchLedgerOptions) {
    this.#options = options
  }

  /** Does nothing when the batch was recorded before. */
  async settle(exchange: ActiveExchange, batch: EndedBatch, uses: readonly BatchUse[]): Promise<void> {
    const id = settlementId(exchange, batch)
    if (uses.length === 0 || (await this.#isKnown(id))) return
    uses.forEach((use, index) => {
      this.#options.calls.record(
        this.#callOf(exchange, batch, { id: index === 0 ? id : digest(`${id}\n${index}`), use }),
      )
    })
  }

  async #isKnown(id: string): Promise<boolean> {
    try {
      return (await this.#options.state.increment(`batch-settled:${id}`, 1, REMEMBERED_MS)) > 1
    } catch (error) {
      this.#options.logger.warn(
        { error },
        'The shared state does not say whether a batch was recorded; it is sent again',
      )
      return false
    }
  }

  #callOf(exchange: ActiveExchange, batch: EndedBatch, { id, use }: { id: string; use: BatchUse }): Call {
    const { place, principal, request } = exchange
    return {
      id,
      tenantId: place.tenantId || principal?.tenantId || 'default',
      gateway: this.#options.node,
      kind: 'ai',
      startedAt: new Date(batch.endedAtMs).toISOString(),
      durationMs: 0,
      gatewayMs: 0,
      upstreamMs: null,
      method: 'POST',
      host: request.host,
      path: batch.path,
      status: 200,
      errorCode: null,
      errorReason: null,
      apiId: null,
      api: null,
      routeId: `ai:${batch.path}`,
      route: batch.path,
      applicationId: principal?.applicationId ?? null,
      application: principal?.application ?? null,
      keyId: principal?.keyId ?? null,
      clientIp: request.clientIp,
      userAgent: null,
      requestBytes: 0,
      responseBytes: 0,
      attempts: [],
      stations: {},
      traceId: exchange.traceId,
      snapshotVersion: exchange.snapshotVersion,
      ai: aiCallOf(batch, use),
    }
  }
}

function aiCallOf({ store, dialect }: EndedBatch, { model, upstreamModel, usage, cost }: BatchUse): AiCall {
  return {
    dialect,
    model: model.name,
    modelId: model.id,
    providerId: store.providerId,
    provider: store.provider,
    vendor: store.vendor,
    upstreamModel,
    isStream: false,
    usage,
    costUsd: cost.usd,
    priceSource: cost.source,
    finishReason: null,
    firstTokenMs: null,
    isTruncated: false,
    dropped: [],
  }
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32)

const settlementId = ({ place }: ActiveExchange, { store, id }: EndedBatch): string =>
  digest(`batch\n${place.tenantId}\n${store.providerId}\n${id}`)

/** Who is asked about prices of a provider's models: a deployment by the vendor's name of its model. */
export type DeploymentFinder = (upstreamModel: string | undefined) => { model: ModelPlan; deployment: Deployment }

interface Sum {
  readonly model: ModelPlan
  readonly deployment: Deployment
  usage: Usage
  costs: Cost[]
}

const COSTS_HELD = 1000

/** Adds up the answers of a batch, line by line, each at the price of its own length. */
export class BatchBill {
  readonly #find: DeploymentFinder
  readonly #store: ProviderStore
  readonly #at: Date
  readonly #sums = new Map<string, Sum>()

  constructor(find: DeploymentFinder, store: ProviderStore, at: Date) {
    this.#find = find
    this.#store = store
    this.#at = at
  }

  /** `requests`: how many the usage is the sum of. */
  add(upstreamModel: string | undefined, usage: Usage, requests = 1): void {
    const { model, deployment } = this.#find(upstreamModel)
    const sum = this.#sums.get(deployment.model)
    const cost = deployment.pricer.costOf(usage, this.#at, requests)
    if (sum === undefined) this.#sums.set(deployment.model, { model, deployment, usage, costs: [cost] })
    else {
      sum.usage = plus(sum.usage, usage)
      sum.costs = sum.costs.length < COSTS_HELD ? sum.costs : [summed(sum.costs)]
      sum.costs.push(cost)
    }
  }

  uses(): BatchUse[] {
    return [...this.#sums.values()].map(({ model, deployment, usage, costs }) => ({
      model,
      upstreamModel: deployment.model,
      usage,
      cost: reduced(summed(costs), this.#store.batchPercent),
    }))
  }
}

function summed(costs: readonly Cost[]): Cost {
  const amounts = costs.flatMap(({ usd }) => (usd === null ? [] : [usd]))
  if (amounts.length < costs.length) return { usd: null, source: null }
  return { usd: sumUsd(amounts), source: costs[0]?.source ?? null }
}

const reduced = ({ usd, source }: Cost, percent: number): Cost => ({
  usd: usd === null ? null : percentOfUsd(usd, percent),
  source,
})

function plus(a: Usage, b: Usage): Usage {
  const sum = { ...a }
  for (const [name, count] of Object.entries(b) as [keyof Usage, number][]) sum[name] = (sum[name] ?? 0) + count
  return sum
}

/** What the vendor says that a batch used altogether; undefined when it does not say. */
export function usageOfBatch(batch: JsonObject): Usage | undefined {
  const usage = usageIn('openai-responses', { usage: batch.usage ?? null })
  return usage === undefined || usage.inputTokens + usage.outputTokens === 0 ? undefined : usage
}

const DIALECTS: Readonly<Record<string, DialectId>> = {
  'chat.completion': 'openai-chat',
  text_completion: 'openai-completions',
  response: 'openai-responses',
  list: 'openai-embeddings',
  message: 'anthropic-messages',
}

/** The answer in one line of a batch's output, of OpenAI's or Anthropic's format, with what it used. */
export function answerInLine(line: Buffer): { readonly model: string | undefined; readonly usage: Usage } | undefined {
  const value = parsed(line)
  const answer = at(value, 'response', 'body') ?? at(value, 'result', 'message')
  if (answer === undefined) return undefined
  const usage = usageIn(DIALECTS[String(answer.object ?? answer.type)], answer)
  return usage && { model: typeof answer.model === 'string' ? answer.model : undefined, usage }
}

function usageIn(dialect: DialectId | undefined, answer: JsonObject): Usage | undefined {
  if (dialect === undefined || !isJsonObject(answer.usage)) return undefined
  return readAnswerFacts(dialect, Buffer.from(JSON.stringify(answer))).usage ?? undefined
}

function at(value: Json | undefined, ...keys: readonly string[]): JsonObject | undefined {
  const [key, ...rest] = keys
  if (!isJsonObject(value)) return undefined
  return key === undefined ? value : at(value[key], ...rest)
}

function parsed(line: Buffer): Json | undefined {
  try {
    return JSON.parse(line.toString('utf8')) as Json
  } catch {
    return undefined
  }
}
