import { holdStreams, type StreamRequest } from '../load/streams.ts'
import { residentBytes } from '../measure/processes.ts'
import { percentile } from '../measure/rounds.ts'
import { GATEWAY_KEY, type KonnectUnderTest, startKonnect } from '../programs/konnect.ts'
import { FIRST_TOKEN, startSlowVendor } from '../programs/slow-vendor.ts'
import { type Effort, MEASURED_CORE, OTHER_CORE, type Scenario, withPrograms } from './scenario.ts'

const STREAMS = 200
const EVENTS = 20
const INTERVAL_MS = 200
const STREAM_MS = EVENTS * INTERVAL_MS
const MODEL = 'gpt-4o-mini'

const configuration = (upstreamPort: number) => ({
  apis: [
    {
      name: 'streams',
      upstream: { targets: [{ url: `http://127.0.0.1:${upstreamPort}` }] },
      routes: [{ paths: ['/streams'] }],
      policies: [{ use: 'key-auth' }],
    },
  ],
  providers: [{ name: 'upstream', vendor: 'openai', baseUrl: `http://127.0.0.1:${upstreamPort}/v1`, apiKey: 'unused' }],
  models: [{ name: MODEL, deployments: [{ provider: 'upstream', model: MODEL }] }],
  applications: [
    { name: 'load', keys: [{ value: GATEWAY_KEY }], subscriptions: [{ api: 'streams' }, { model: MODEL }] },
  ],
})

const streamOf = (port: number, path: string): StreamRequest => ({
  url: `http://127.0.0.1:${port}${path}`,
  headers: { 'content-type': 'application/json', 'x-api-key': GATEWAY_KEY, authorization: `Bearer ${GATEWAY_KEY}` },
  body: JSON.stringify({ model: MODEL, stream: true, messages: [{ role: 'user', content: 'Go on.' }] }),
  token: FIRST_TOKEN,
})

/** Measures the three ways to the same stream in turn, and the gateway's memory meanwhile. */
async function measureWays(upstreamPort: number, konnect: KonnectUnderTest, effort: Effort) {
  const ways = {
    direct: streamOf(upstreamPort, '/streams'),
    api: streamOf(konnect.gatewayPort, '/streams'),
    model: streamOf(konnect.gatewayPort, '/v1/chat/completions'),
  }
  const seconds = Math.max(2 * effort.secondsPerRound, (STREAM_MS / 1000) * 1.5)
  const samples = { direct: [] as number[], api: [] as number[], model: [] as number[] }
  const residentMb: number[] = [residentMbOf(konnect)]
  let broken = 0
  for (let round = 1; round <= effort.rounds; round++) {
    for (const name of ['direct', 'api', 'model'] as const) {
      const result = await holdStreams(ways[name], { concurrency: STREAMS, seconds, rampMs: STREAM_MS })
      samples[name].push(...result.firstTokenMs)
      broken += result.broken
      const p99 = percentile(result.firstTokenMs, 0.99).toFixed(2)
      console.log(`  round ${round} ${name}: ${result.firstTokenMs.length} streams, first token p99 ${p99} ms`)
    }
    residentMb.push(residentMbOf(konnect))
  }
  return { samples, residentMb, broken }
}

const residentMbOf = (konnect: KonnectUnderTest) => residentBytes(konnect.gatewayPids()) / 1024 ** 2

/** Many slow streams at once: what the gateway adds before the first token, and whether its memory stays flat. */
export const sse: Scenario = (folder, effort) =>
  withPrograms(async (started) => {
    const upstream = await startSlowVendor(folder, OTHER_CORE, { events: EVENTS, intervalMs: INTERVAL_MS })
    started.push(upstream.program)
    const cores = { gateway: MEASURED_CORE, other: OTHER_CORE }
    const konnect = await startKonnect(folder, cores, configuration(upstream.port))
    started.push(konnect.program)

    const { samples, residentMb, broken } = await measureWays(upstream.port, konnect, effort)
    const p99 = (name: keyof typeof samples) => percentile(samples[name], 0.99)
    const p50 = (name: keyof typeof samples) => percentile(samples[name], 0.5)
    return {
      scenario: 'sse',
      description: `${STREAMS} concurrent streams of ${EVENTS} events, one every ${INTERVAL_MS} ms: straight to the upstream, through an API route, and through a model.`,
      summaries: [],
      errors: broken,
      figures: {
        'streams measured': samples.api.length + samples.model.length,
        'streams broken': broken,
        'direct first token p50 ms': p50('direct'),
        'direct first token p99 ms': p99('direct'),
        'api first token added p50 ms': p50('api') - p50('direct'),
        'api first token added p99 ms': p99('api') - p99('direct'),
        'model first token added p50 ms': p50('model') - p50('direct'),
        'model first token added p99 ms': p99('model') - p99('direct'),
        'gateway resident MB before': residentMb[0] ?? Number.NaN,
        'gateway resident MB after first round': residentMb[1] ?? Number.NaN,
        'gateway resident MB after last round': residentMb.at(-1) ?? Number.NaN,
      },
    }
  })
