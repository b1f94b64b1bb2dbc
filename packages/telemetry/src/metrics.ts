import type { Call } from '@konnect/contract'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

const DEFAULT_MAX_LABEL_VALUES = 200
/** Stands for everything beyond the cap on label values. */
const OTHER = 'other'
/** Stands for a call that belongs to none, e.g. of a request that no route matched. */
const NONE = 'none'

const DURATION_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120]
const OVERHEAD_BUCKETS = [0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.25]

export interface MetricsOptions {
  /** Most distinct values of one label; further ones count as `other`. Default 200. */
  readonly maxLabelValues?: number
  /** Adds figures of this process: CPU, memory, event loop. Default true. */
  readonly withProcess?: boolean
}

/** Prometheus figures over calls. Memory is bounded whatever clients send. */
export interface Metrics {
  /** Content type of {@link render}. */
  readonly contentType: string
  record(calls: readonly Call[]): void
  /** Adds a gauge that is read when the figures are rendered. */
  gauge(name: string, help: string, read: () => number): void
  /** Prometheus text exposition format 0.0.4. */
  render(): Promise<string>
}

/** Figures of a control plane: calls, durations, tokens and cost, by API, model and status class. */
export function createMetrics(options: MetricsOptions = {}): Metrics {
  const registry = new Registry()
  if (options.withProcess ?? true) collectDefaultMetrics({ register: registry })
  const figures = callFigures(registry)
  const max = options.maxLabelValues ?? DEFAULT_MAX_LABEL_VALUES
  const caps = { api: capLabel(max), model: capLabel(max), code: capLabel(max) }
  return {
    contentType: registry.contentType,
    record: (calls) => {
      for (const call of calls) recordCall(figures, caps, call)
    },
    gauge: (name, help, read) => {
      new Gauge({
        name,
        help,
        registers: [registry],
        collect() {
          this.set(read())
        },
      })
    },
    render: () => registry.metrics(),
  }
}

type Cap = (value: string | null) => string

/** Lets the first `max` values through as they are. */
function capLabel(max: number): Cap {
  const known = new Set<string>()
  return (value) => {
    if (value === null) return NONE
    if (known.has(value)) return value
    if (known.size >= max) return OTHER
    known.add(value)
    return value
  }
}

function callFigures(registry: Registry) {
  const registers = [registry]
  return {
    calls: new Counter({
      name: 'konnect_calls_total',
      help: 'Calls by kind, API and class of the answer.',
      labelNames: ['kind', 'api', 'status_class'],
      registers,
    }),
    errors: new Counter({
      name: 'konnect_call_errors_total',
      help: 'Calls that the gateway ended with an error, by its code.',
      labelNames: ['code'],
      registers,
    }),
    duration: new Histogram({
      name: 'konnect_call_duration_seconds',
      help: 'Time from the arrival of a request to the end of its answer.',
      labelNames: ['kind'],
      buckets: DURATION_BUCKETS,
      registers,
    }),
    overhead: new Histogram({
      name: 'konnect_call_gateway_seconds',
      help: 'Time the gateway itself spent before a request went upstream.',
      labelNames: ['kind'],
      buckets: OVERHEAD_BUCKETS,
      registers,
    }),
    tokens: new Counter({
      name: 'konnect_ai_tokens_total',
      help: 'Tokens by model and direction; input includes cached ones.',
      labelNames: ['model', 'direction'],
      registers,
    }),
    cost: new Counter({
      name: 'konnect_ai_cost_usd_total',
      help: 'Cost of AI calls whose price is known. A rounded figure; the exact one is in the calls.',
      labelNames: ['model'],
      registers,
    }),
    shadows: new Counter({
      name: 'konnect_ai_shadow_calls_total',
      help: 'AI calls made to compare versions of a model. No other figure counts them.',
      labelNames: ['model', 'status_class'],
      registers,
    }),
    shadowCost: new Counter({
      name: 'konnect_ai_shadow_cost_usd_total',
      help: 'Cost of such calls whose price is known.',
      labelNames: ['model'],
      registers,
    }),
    unpriced: new Counter({
      name: 'konnect_ai_unpriced_calls_total',
      help: 'AI calls whose price is unknown.',
      labelNames: ['model'],
      registers,
    }),
  }
}

type Figures = ReturnType<typeof callFigures>

interface Caps {
  readonly api: Cap
  readonly model: Cap
  readonly code: Cap
}

function recordCall(figures: Figures, caps: Caps, call: Call): void {
  const { kind } = call
  const statusClass = `${Math.trunc(call.status / 100)}xx`
  if (call.ai?.shadowOf !== undefined) {
    const model = caps.model(call.ai.model)
    figures.shadows.inc({ model, status_class: statusClass })
    figures.shadowCost.inc({ model }, Number(call.ai.costUsd ?? 0))
    return
  }
  figures.calls.inc({ kind, api: caps.api(call.api), status_class: statusClass })
  figures.duration.observe({ kind }, call.durationMs / 1000)
  figures.overhead.observe({ kind }, call.gatewayMs / 1000)
  if (call.errorCode !== null) figures.errors.inc({ code: caps.code(call.errorCode) })
  if (call.ai !== null) recordAi(figures, caps.model(call.ai.model), call.ai)
}

function recordAi(figures: Figures, model: string, ai: NonNullable<Call['ai']>): void {
  if (ai.usage !== null) {
    figures.tokens.inc({ model, direction: 'input' }, ai.usage.inputTokens)
    figures.tokens.inc({ model, direction: 'output' }, ai.usage.outputTokens)
  }
  if (ai.costUsd === null) figures.unpriced.inc({ model })
  else figures.cost.inc({ model }, Number(ai.costUsd))
}
