import { describe, expect, it } from 'vitest'
import { createMetrics } from './metrics.ts'
import { testCall } from './test-calls.ts'

const ai = {
  dialect: 'openai-chat',
  model: 'assistant',
  modelId: 'mdl_1',
  providerId: 'prv_1',
  provider: 'main',
  vendor: 'some-vendor',
  upstreamModel: 'm-1',
  isStream: false,
  usage: {
    inputTokens: 100,
    outputTokens: 20,
    cachedInputTokens: 0,
    cacheWriteTokens: 0,
    cacheWriteLongTokens: 0,
    reasoningTokens: 0,
  },
  costUsd: '0.25',
  priceSource: 'operator',
  finishReason: 'stop',
  firstTokenMs: 5,
  isTruncated: false,
  dropped: [],
}

describe('metrics of calls', () => {
  it('count calls by kind, API and class of the status', async () => {
    const metrics = createMetrics({ withProcess: false })
    metrics.record([testCall('1'), testCall('2'), testCall('3', { status: 503, errorCode: 'no_healthy_target' })])
    const text = await metrics.render()
    expect(text).toContain('konnect_calls_total{kind="http",api="orders",status_class="2xx"} 2')
    expect(text).toContain('konnect_calls_total{kind="http",api="orders",status_class="5xx"} 1')
    expect(text).toContain('konnect_call_errors_total{code="no_healthy_target"} 1')
    expect(text).toContain('konnect_call_duration_seconds_bucket{le="0.025",kind="http"} 3')
  })

  it('add up tokens and cost by model, and count calls without a price', async () => {
    const metrics = createMetrics({ withProcess: false })
    metrics.record([
      testCall('1', { kind: 'ai', ai }),
      testCall('2', { kind: 'ai', ai }),
      testCall('3', { kind: 'ai', ai: { ...ai, usage: null, costUsd: null } }),
    ])
    const text = await metrics.render()
    expect(text).toContain('konnect_ai_tokens_total{model="assistant",direction="input"} 200')
    expect(text).toContain('konnect_ai_tokens_total{model="assistant",direction="output"} 40')
    expect(text).toContain('konnect_ai_cost_usd_total{model="assistant"} 0.5')
    expect(text).toContain('konnect_ai_unpriced_calls_total{model="assistant"} 1')
  })

  it('keep calls that were made for comparison apart from all others', async () => {
    const metrics = createMetrics({ withProcess: false })
    const shadow = { ...ai, version: 'v2', shadowOf: '1' }
    metrics.record([
      testCall('1', { kind: 'ai', ai }),
      testCall('2', { kind: 'ai', ai: shadow }),
      testCall('3', { kind: 'ai', ai: { ...shadow, costUsd: null }, status: 503, errorCode: 'no_healthy_target' }),
    ])
    const text = await metrics.render()
    expect(text).toContain('konnect_calls_total{kind="ai",api="orders",status_class="2xx"} 1')
    expect(text).toContain('konnect_ai_cost_usd_total{model="assistant"} 0.25')
    expect(text).not.toContain('konnect_call_errors_total{')
    expect(text).toContain('konnect_ai_shadow_calls_total{model="assistant",status_class="2xx"} 1')
    expect(text).toContain('konnect_ai_shadow_calls_total{model="assistant",status_class="5xx"} 1')
    expect(text).toContain('konnect_ai_shadow_cost_usd_total{model="assistant"} 0.25')
  })

  it('hold at most the given number of values of a label, and lose no call', async () => {
    const metrics = createMetrics({ withProcess: false, maxLabelValues: 3 })
    metrics.record(Array.from({ length: 50 }, (_, index) => testCall(String(index), { api: `api-${index}` })))
    const series = (await metrics.render()).split('\n').filter((line) => line.startsWith('konnect_calls_total{'))
    expect(series).toHaveLength(4)
    expect(series).toContain('konnect_calls_total{kind="http",api="other",status_class="2xx"} 47')
  })

  it('read a gauge at the time of rendering', async () => {
    const metrics = createMetrics({ withProcess: false })
    let gateways = 1
    metrics.gauge('konnect_gateways', 'Gateways that reported lately.', () => gateways)
    gateways = 2
    expect(await metrics.render()).toContain('konnect_gateways 2')
  })

  it('come with figures of the process unless told otherwise', async () => {
    expect(await createMetrics().render()).toContain('process_cpu_seconds_total')
    expect(await createMetrics({ withProcess: false }).render()).not.toContain('process_cpu_seconds_total')
  })
})
