import { holdStreams, type StreamRequest } from '../load/streams.ts'
import { residentBytes } from '../measure/processes.ts'
import { percentile } from '../measure/rounds.ts'
import { GATEWAY_KEY, type KonnectUnderTest, startKonnect } from '../programs/konnect.ts'
import { FIRST_TOKEN, startSlowVendor } from '../programs/slow-vendor.ts'
import { type Effort, FULL, MEASURED_CORE, OTHER_CORE, type Scenario, withPrograms } from './scenario.ts'

const QUICK_PACE = { events: 20, intervalMs: 200 }
const QUICK_STREAMS = 100
/** 2,000 streams at this pace are 2,000 events a second. */
const LONG_PACE = { events: 15, intervalMs: 1_000 }
const MANY_STREAMS = 2_000
/** How often each place of the many is taken by another stream while memory is watched. */
const GENERATIONS = 8

const SAME = 'gpt-4o-mini'
const TRANSLATED = 'claude-haiku-4-5'
const LONG = 'long-answers'

const configuration = (quickPort: number, longPort: number) => ({
  providers: [
    { name: 'same', vendor: 'openai', baseUrl: `http://127.0.0.1:${quickPort}/v1`, apiKey: 'unused' },
    { name: 'other', vendor: 'anthropic', baseUrl: `http://127.0.0.1:${quickPort}`, apiKey: 'unused' },
    { name: 'long', vendor: 'openai', baseUrl: `http://127.0.0.1:${longPort}/v1`, apiKey: 'unused' },
  ],
  models: [
    { name: SAME, deployments: [{ provider: 'same', model: SAME }] },
    { name: TRANSLATED, deployments: [{ provider: 'other', model: TRANSLATED }] },
    { name: LONG, deployments: [{ provider: 'long', model: SAME }] },
  ],
  applications: [
    {
      name: 'load',
      keys: [{ value: GATEWAY_KEY }],
      subscriptions: [{ model: SAME }, { model: TRANSLATED }, { model: LONG }],
    },
  ],
})

const streamOf = (port: number, model: string): StreamRequest => ({
  url: `http://127.0.0.1:${port}/v1/chat/completions`,
  headers: { 'content-type': 'application/json', authorization: `Bearer ${GATEWAY_KEY}` },
  body: JSON.stringify({ model, stream: true, messages: [{ role: 'user', content: 'Go on.' }] }),
  token: FIRST_TOKEN,
})

/** Measures the ways to the same streams in turn, so that a noisy minute hits all of them. */
async function firstTokens(vendorPort: number, konnect: KonnectUnderTest, effort: Effort) {
  const ways = {
    direct: streamOf(vendorPort, SAME),
    same: streamOf(konnect.gatewayPort, SAME),
    translated: streamOf(konnect.gatewayPort, TRANSLATED),
  }
  const streamMs = QUICK_PACE.events * QUICK_PACE.intervalMs
  const seconds = Math.max(2 * effort.secondsPerRound, (streamMs / 1000) * 1.5)
  const samples = { direct: [] as number[], same: [] as number[], translated: [] as number[] }
  let broken = 0
  for (let round = 0; round <= effort.rounds; round++) {
    for (const name of ['direct', 'same', 'translated'] as const) {
      const result = await holdStreams(ways[name], { concurrency: QUICK_STREAMS, seconds, rampMs: streamMs })
      broken += result.broken
      // The first one warms up.
      if (round === 0) continue
      samples[name].push(...result.firstTokenMs)
      const p99 = percentile(result.firstTokenMs, 0.99).toFixed(2)
      console.log(`  round ${round} ${name}: ${result.firstTokenMs.length} streams, first token p99 ${p99} ms`)
    }
  }
  return { samples, broken }
}

/** Holds the many streams and notes the gateway's memory once all are open, and each time that all were replaced. */
async function memoryOfMany(konnect: KonnectUnderTest, generations: number) {
  const streamMs = LONG_PACE.events * LONG_PACE.intervalMs
  const residentMb = [residentMbOf(konnect)]
  let ticks = 0
  const timer = setInterval(() => {
    residentMb.push(residentMbOf(konnect))
    console.log(`  ${++ticks * LONG_PACE.events} s with ${MANY_STREAMS} streams: ${residentMb.at(-1)?.toFixed(0)} MB`)
  }, streamMs)
  const seconds = (streamMs / 1000) * generations
  const { broken, firstTokenMs } = await holdStreams(streamOf(konnect.gatewayPort, LONG), {
    concurrency: MANY_STREAMS,
    seconds,
    rampMs: streamMs,
  })
  clearInterval(timer)
  return { residentMb, broken, streams: firstTokenMs.length }
}

const residentMbOf = (konnect: KonnectUnderTest) => residentBytes(konnect.gatewayPids()) / 1024 ** 2

/** Streams of models: what the gateway adds before the first token, and whether many at once leave its memory flat. */
export const aiStreams: Scenario = (folder, effort) =>
  withPrograms(async (started) => {
    const quick = await startSlowVendor(folder, OTHER_CORE, QUICK_PACE)
    started.push(quick.program)
    const long = await startSlowVendor(folder, OTHER_CORE, LONG_PACE)
    started.push(long.program)
    const cores = { gateway: MEASURED_CORE, other: OTHER_CORE }
    const konnect = await startKonnect(folder, cores, configuration(quick.port, long.port))
    started.push(konnect.program)

    const { samples, broken } = await firstTokens(quick.port, konnect, effort)
    const many = await memoryOfMany(konnect, effort === FULL ? GENERATIONS : 2)
    const p99 = (name: keyof typeof samples) => percentile(samples[name], 0.99)
    const p50 = (name: keyof typeof samples) => percentile(samples[name], 0.5)
    return {
      scenario: 'ai-streams',
      description: `${QUICK_STREAMS} concurrent streams of ${QUICK_PACE.events} events, one every ${QUICK_PACE.intervalMs} ms: straight from the vendor, through a model of the same format, and through a translated one; then ${MANY_STREAMS} streams of ${LONG_PACE.events} events, one a second.`,
      summaries: [],
      errors: broken + many.broken,
      figures: {
        'streams measured': samples.same.length + samples.translated.length,
        'streams broken': broken,
        'direct first token p50 ms': p50('direct'),
        'direct first token p99 ms': p99('direct'),
        'added to first token p50 ms': p50('same') - p50('direct'),
        'added to first token p99 ms': p99('same') - p99('direct'),
        'added to first token p50 ms, translating': p50('translated') - p50('direct'),
        'added to first token p99 ms, translating': p99('translated') - p99('direct'),
        'many streams completed': many.streams,
        'many streams broken': many.broken,
        'resident MB before many streams': many.residentMb[0] ?? Number.NaN,
        'resident MB once all are open': many.residentMb[1] ?? Number.NaN,
        'resident MB halfway': many.residentMb[Math.floor(many.residentMb.length / 2)] ?? Number.NaN,
        'resident MB at the end': many.residentMb.at(-1) ?? Number.NaN,
      },
    }
  })
