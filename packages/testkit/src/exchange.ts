import {
  addHeader,
  type BodySource,
  bodyOf,
  type HeaderList,
  type JsonFetcher,
  type LimitDecision,
  type LimitRule,
  type Logger,
  type MaybePromise,
  PHASES,
  type Phase,
  type StateStore,
  setHeader,
  silentLogger,
} from '@konnect/contract'
import type {
  CaptureOptions,
  CredentialDirectory,
  DirectAnswer,
  Exchange,
  ExchangeRequest,
  ExchangeResponse,
  Place,
  PolicyContext,
  PolicyHandlers,
  Principal,
} from '@konnect/sdk'

/** What a test says about a request; the rest is a plain GET of `/orders`. */
export interface FakeExchangeOptions {
  readonly method?: string
  readonly path?: string
  readonly query?: string
  readonly headers?: HeaderList
  readonly clientIp?: string
  readonly body?: BodySource
  readonly place?: Partial<Place>
  readonly principal?: Principal
}

/** An Exchange that remembers what policies asked of it. */
export class FakeExchange implements Exchange {
  readonly id = 'request-1'
  readonly startedAtMs = 1_800_000_000_000
  readonly place: Place
  readonly request: ExchangeRequest
  response: ExchangeResponse | undefined
  principal: Principal | undefined
  readonly signal: AbortSignal
  readonly notes = new Map<symbol, unknown>()
  /** The answer that a policy gave, if any. */
  answered: DirectAnswer | undefined
  /** Fields that go out whatever happens. */
  readonly responseHeaders: HeaderList = []
  /** Shortest limit so far. */
  limitMs: number | undefined
  readonly captures: CaptureOptions[] = []
  readonly #abort = new AbortController()

  constructor(options: FakeExchangeOptions = {}) {
    this.signal = this.#abort.signal
    this.principal = options.principal
    this.place = { tenantId: 'ten_1', apiId: 'api_1', api: 'orders', routeId: 'rt_1', route: 'all', ...options.place }
    this.request = {
      method: options.method ?? 'GET',
      path: options.path ?? '/orders',
      query: options.query ?? '',
      host: 'api.example.com',
      scheme: 'https',
      headers: [...(options.headers ?? [])],
      clientIp: options.clientIp ?? '192.0.2.1',
      body: options.body ?? bodyOf(new Uint8Array()),
    }
  }

  answer(answer: DirectAnswer): void {
    this.answered = answer
  }

  addResponseHeader(name: string, value: string): void {
    addHeader(this.responseHeaders, name, value)
  }

  setResponseHeader(name: string, value: string): void {
    setHeader(this.responseHeaders, name, value)
  }

  limitDuration(ms: number): void {
    this.limitMs = Math.min(ms, this.limitMs ?? Number.POSITIVE_INFINITY)
  }

  captureContent(options: CaptureOptions): void {
    this.captures.push(options)
  }

  /** The upstream answered: the return phase may begin. */
  respond(status: number, headers: HeaderList = []): ExchangeResponse {
    this.response = { status, headers: [...headers] }
    return this.response
  }

  /** The client went away. */
  abort(): void {
    this.#abort.abort()
  }
}

/** What a test says about a policy's surroundings. */
export interface FakeContextOptions {
  readonly scope?: PolicyContext['scope']
  readonly stateKey?: string
  readonly state?: StateStore
  readonly directory?: Partial<CredentialDirectory>
  readonly fetchJson?: JsonFetcher
  readonly logger?: Partial<Logger>
  readonly now?: () => number
  /** Give the same map to two contexts, and they share as before and after a publish. */
  readonly sharedValues?: Map<string, unknown>
}

/** A PolicyContext that knows no credentials, reaches nothing and counts with {@link countingState}. */
export function fakePolicyContext(options: FakeContextOptions = {}): PolicyContext {
  const values = options.sharedValues ?? new Map<string, unknown>()
  return {
    scope: options.scope ?? { kind: 'api', id: 'api_1' },
    stateKey: options.stateKey ?? 'attachment-1',
    state: options.state ?? countingState(),
    directory: { findKey: () => undefined, findByClaims: () => undefined, ...options.directory },
    fetchJson: options.fetchJson ?? (async (url) => Promise.reject(new Error(`${url} is out of reach`))),
    logger: { ...silentLogger, ...options.logger },
    now: options.now ?? (() => 1_800_000_000_000),
    shared<T>(key: string, create: () => T): T {
      if (!values.has(key)) values.set(key, create())
      return values.get(key) as T
    },
  }
}

/** A shared state for tests of policies: limits count and never refill, and every key that was used is told. */
export interface CountingState extends StateStore {
  /** Units taken, by key. */
  readonly taken: ReadonlyMap<string, number>
  /** Rules that were counted by, in order. */
  readonly rules: readonly LimitRule[]
}

/** How the answers of a {@link countingState} come: at once, as promises, or not at all (the error, thrown or rejected). */
export type Answering = 'sync' | 'async' | { readonly throws: Error } | { readonly rejects: Error }

/** Creates a {@link CountingState}. It keeps no values and hands out no leases. */
export function countingState(answering: Answering = 'sync'): CountingState {
  const taken = new Map<string, number>()
  const rules: LimitRule[] = []
  const respond = <T>(value: () => T): MaybePromise<T> => {
    if (answering === 'sync') return value()
    if (answering === 'async') return Promise.resolve(value())
    if ('throws' in answering) throw answering.throws
    return Promise.reject(answering.rejects)
  }
  return {
    driver: 'memory',
    taken,
    rules,
    take: (key, rule, cost = 1) =>
      respond(() => {
        rules.push(rule)
        return takeOf(taken, key, rule, cost)
      }),
    lease: () => respond(() => null),
    get: () => respond(() => undefined),
    set: () => respond(() => undefined),
    delete: () => respond(() => undefined),
    increment: (_key, amount) => respond(() => amount),
    close: async () => taken.clear(),
  }
}

function takeOf(taken: Map<string, number>, key: string, rule: LimitRule, cost: number): LimitDecision {
  const isWindow = rule.algorithm === 'sliding-window'
  const limit = isWindow ? rule.limit : rule.capacity
  const resetMs = isWindow ? rule.windowMs : (rule.capacity * 1000) / rule.refillPerSecond
  const before = taken.get(key) ?? 0
  const isAllowed = before + cost <= limit
  const total = isAllowed ? before + cost : before
  taken.set(key, total)
  const remaining = limit - total
  return { isAllowed, limit, remaining, retryAfterMs: remaining > 0 ? 0 : resetMs, resetMs }
}

/** Runs handlers phase by phase, up to and with `last`, as the gateway does; stops when a policy answered. */
export async function runPolicy(
  handlers: PolicyHandlers,
  exchange: FakeExchange,
  last: Phase = 'shape',
): Promise<void> {
  for (const phase of PHASES.slice(0, PHASES.indexOf(last) + 1)) {
    if (exchange.answered !== undefined && phase !== 'return' && phase !== 'account') continue
    if (phase === 'return' && exchange.response === undefined) respondAsAnswered(exchange)
    await handlers[phase]?.(exchange)
  }
}

function respondAsAnswered(exchange: FakeExchange): void {
  exchange.respond(exchange.answered?.status ?? 200, exchange.answered?.headers ?? [])
}
