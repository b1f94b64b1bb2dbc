import { type AiTranslator, readVendorModels } from '@konnect/ai'
import type {
  CheckedConnection,
  ConnectionChecker,
  ConnectionReport,
  HeaderList,
  TextAnswer,
  TextFetcher,
  TextRequest,
} from '@konnect/contract'
import type { ProviderConnection, Vendor } from '@konnect/sdk'
import { smallestRequest } from './smallest-request.ts'
import { judgeChat, judgeList, notReached } from './verdict.ts'

/** Until the whole answer is there; with temporary keys, as long again for these. */
const TIMEOUT_MS = 10_000
/** The longest lists of models have some hundred kilobytes. */
const MAX_BYTES = 8 * 1024 * 1024

/** What a check is made with. */
export interface CheckerOptions {
  readonly vendors: readonly Vendor[]
  readonly translator: AiTranslator
  /** Guarded: it says which addresses may be reached. */
  readonly fetchText: TextFetcher
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

/**
 * Creates the check of connections: asks for the vendor's list of models, and where that leaves the key open and a model is
 * known, for one token. At most two requests; what the vendor writes is read for its shape only.
 */
export function createConnectionChecker(options: CheckerOptions): ConnectionChecker {
  return async (checked) => {
    const vendor = options.vendors.find(({ id }) => id === checked.vendor)
    if (vendor === undefined) return notReached('No vendor of this id is known here.')
    try {
      return await new Check(vendor, checked, options).run()
    } catch (error) {
      return notReached(reasonOf(error))
    }
  }
}

class Check {
  readonly #vendor: Vendor
  readonly #checked: CheckedConnection
  readonly #options: CheckerOptions
  readonly #connection: ProviderConnection

  constructor(vendor: Vendor, checked: CheckedConnection, options: CheckerOptions) {
    this.#vendor = vendor
    this.#checked = checked
    this.#options = options
    this.#connection = {
      baseUrl: (checked.baseUrl ?? vendor.defaultBaseUrl ?? '').replace(/\/+$/, ''),
      apiKey: checked.apiKey,
      headers: Object.entries(checked.headers).flatMap(([name, value]) => [name.toLowerCase(), value]),
      settings: checked.settings,
    }
  }

  async run(): Promise<ConnectionReport> {
    const connection = await this.#withTemporaryKey()
    const { models } = this.#vendor
    const { model } = this.#checked
    const listed = models && (await this.#askForModels(connection, models))
    const isAnswered = listed !== undefined && listed.outcome !== 'wrong_api' && listed.outcome !== 'reached'
    if (isAnswered || model === undefined) return listed ?? notAsked(this.#vendor)
    const asked = await this.#askModel(connection, model)
    return { ...asked, models: listed?.models ?? null }
  }

  async #withTemporaryKey(): Promise<ProviderConnection> {
    const source = this.#vendor.temporaryKeys?.(this.#connection)
    if (source === undefined) return this.#connection
    const { apiKey } = await source.obtain(this.#options.fetchText, this.#options.now())
    return { ...this.#connection, apiKey }
  }

  async #askForModels(connection: ProviderConnection, list: NonNullable<Vendor['models']>): Promise<ConnectionReport> {
    const { answer, latencyMs } = await this.#send({ method: 'GET', ...list.target(connection) })
    const isKeyOpen = list.isPublic === true && connection.apiKey !== undefined
    const models = answer.status === 200 ? readVendorModels(answer.text) : undefined
    return judgeList({ vendor: this.#vendor, status: answer.status, latencyMs, models, isKeyOpen })
  }

  async #askModel(connection: ProviderConnection, model: string): Promise<ConnectionReport> {
    const request = smallestRequest(this.#vendor, { connection, model }, this.#options)
    if (request === undefined) return notAsked(this.#vendor)
    const { answer, latencyMs } = await this.#send(request)
    return judgeChat({ vendor: this.#vendor, status: answer.status, latencyMs, model, text: answer.text })
  }

  async #send(request: TextRequest): Promise<{ answer: TextAnswer; latencyMs: number }> {
    const startedAt = performance.now()
    const headers = [...request.headers, ...PLAIN]
    const limits = { timeoutMs: TIMEOUT_MS, maxBytes: MAX_BYTES }
    const answer = await this.#options.fetchText({ ...request, headers, ...limits })
    return { answer, latencyMs: performance.now() - startedAt }
  }
}

const PLAIN: HeaderList = ['accept-encoding', 'identity']

const notAsked = ({ title }: Vendor): ConnectionReport => ({
  outcome: 'reached',
  detail: `${title} lists no models, so nothing was asked. Add a model that runs on this provider, and check again.`,
  status: null,
  latencyMs: null,
  models: null,
})

// What lies beneath says what happened; the sentence around it repeats the address.
function reasonOf(error: unknown): string {
  const { cause } = error as { cause?: unknown }
  const told = cause instanceof Error ? cause : error
  return told instanceof Error ? told.message : 'It failed for an unknown reason.'
}
