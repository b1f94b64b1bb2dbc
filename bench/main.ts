import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { machineFacts } from './measure/machine.ts'
import { pin } from './measure/processes.ts'
import { type BenchReport, reportText } from './report.ts'
import { ai } from './scenarios/ai.ts'
import { aiStreams } from './scenarios/ai-streams.ts'
import { proxy } from './scenarios/proxy.ts'
import { FULL, OTHER_CORE, QUICK, type Scenario } from './scenarios/scenario.ts'
import { sse } from './scenarios/sse.ts'

const SCENARIOS: Readonly<Record<string, readonly Scenario[]>> = {
  proxy: [proxy],
  ai: [ai, aiStreams],
  sse: [sse],
}
const NEEDED = ['/usr/sbin/nginx', '/usr/bin/wrk', '/usr/bin/taskset']

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'string' }, quick: { type: 'boolean', default: false } },
})

async function main(): Promise<number> {
  const names = positionals.length > 0 ? positionals : Object.keys(SCENARIOS)
  const unknown = names.filter((name) => !Object.hasOwn(SCENARIOS, name))
  if (unknown.length > 0)
    return refuse(`There is no scenario ${unknown.join(', ')}; choose from ${Object.keys(SCENARIOS)}.`)
  const missing = NEEDED.filter((path) => !existsSync(path))
  if (missing.length > 0) return refuse(`Not measured, because these programs are missing: ${missing.join(', ')}.`)

  const machine = machineFacts()
  if (machine.cores < 2) return refuse('Not measured: one core is for the server, another for load and upstream.')
  pin(process.pid, OTHER_CORE)
  const results = []
  for (const name of names) {
    for (const scenario of SCENARIOS[name] ?? []) results.push(await measureScenario(name, scenario))
  }
  const report: BenchReport = { machine, effort: values.quick ? 'quick, not for comparison' : 'full', results }
  console.log(`\n${reportText(report)}`)
  if (values.json) writeFileSync(resolve(values.json), `${JSON.stringify(report, null, 2)}\n`)
  return results.some(({ errors }) => errors > 0) ? refuse('Some requests failed.') : 0
}

async function measureScenario(name: string, scenario: Scenario) {
  const folder = mkdtempSync(join(tmpdir(), 'konnect-bench-'))
  console.log(`Measuring ${name}…`)
  try {
    return await scenario(folder, values.quick ? QUICK : FULL)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function refuse(message: string): number {
  console.error(message)
  return 1
}

process.exitCode = await main()
