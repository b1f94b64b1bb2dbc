import { runWrk } from '../measure/wrk.ts'
import { GATEWAY_KEY, startKonnect } from '../programs/konnect.ts'
import { startProxyNginx, startStaticNginx } from '../programs/nginx.ts'
import {
  cpuRatio,
  errorsOf,
  MEASURED_CORE,
  OTHER_CORE,
  runInterleaved,
  type Scenario,
  withControlCpu,
  withPrograms,
} from './scenario.ts'

const CONNECTIONS = 64
const BODY_BYTES = 300
const PATH = '/orders'

const content = (): string => {
  const start = '{"id":"ord_1001","state":"paid","lines":[{"sku":"kettle","count":1}],"note":"'
  return `${start}${'x'.repeat(BODY_BYTES - start.length - 2)}"}`
}

const configuration = (upstreamPort: number) => ({
  apis: [
    {
      name: 'orders',
      upstream: { targets: [{ url: `http://127.0.0.1:${upstreamPort}` }] },
      routes: [{ paths: [PATH] }],
      policies: [
        { use: 'key-auth' },
        { use: 'rate-limit', with: { limit: 1_000_000_000, window: '60s', by: 'application' } },
      ],
    },
  ],
  applications: [{ name: 'load', keys: [{ value: GATEWAY_KEY }], subscriptions: [{ api: 'orders' }] }],
})

/** Plain HTTP through nginx, and through Konnect with a key, a rate limit and a record of every call. */
export const proxy: Scenario = (folder, effort) =>
  withPrograms(async (started) => {
    const upstream = await startStaticNginx(folder, OTHER_CORE, { [PATH]: content() })
    started.push(upstream.program)
    const nginx = await startProxyNginx(folder, MEASURED_CORE, upstream.port)
    started.push(nginx.program)
    const cores = { gateway: MEASURED_CORE, other: OTHER_CORE }
    const konnect = await startKonnect(folder, cores, configuration(upstream.port))
    started.push(konnect.program)

    const load = (port: number) => (seconds: number) =>
      runWrk({
        url: `http://127.0.0.1:${port}${PATH}`,
        method: 'GET',
        headers: { 'x-api-key': GATEWAY_KEY },
        connections: CONNECTIONS,
        seconds,
        core: OTHER_CORE,
        folder,
      })
    const entries = [
      { contender: nginx.contender, load: load(nginx.port) },
      { contender: konnect.contender, load: load(konnect.gatewayPort) },
    ]
    const { summaries, controlMicros } = await withControlCpu(konnect.otherPids, () => runInterleaved(entries, effort))
    const { pending, dropped } = await konnect.spool()
    return {
      scenario: 'proxy',
      description: `GET of ${BODY_BYTES} bytes of JSON over ${CONNECTIONS} keep-alive connections; Konnect checks a key and a rate limit and records every call, nginx only passes on.`,
      summaries,
      errors: errorsOf(summaries),
      figures: {
        'konnect CPU ÷ nginx CPU': cpuRatio(summaries, 'konnect', 'nginx'),
        'control plane CPU µs per request': controlMicros,
        'calls dropped': dropped,
        'calls still to ship': pending,
      },
    }
  })
