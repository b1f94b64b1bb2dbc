import type { MachineFacts } from './measure/machine.ts'
import type { Summary } from './measure/rounds.ts'
import type { ScenarioResult } from './scenarios/scenario.ts'

/** What a run of the benchmark found, as `--json` writes it. */
export interface BenchReport {
  readonly machine: MachineFacts
  readonly effort: string
  readonly results: readonly ScenarioResult[]
}

/** The report as text for a terminal. */
export function reportText({ machine, effort, results }: BenchReport): string {
  const memory = (machine.memoryBytes / 1024 ** 3).toFixed(1)
  return [
    `${machine.cpu}, ${machine.cores} cores, ${memory} GiB, Linux ${machine.kernel}, Node ${machine.node}`,
    `${machine.date}, commit ${machine.commit}, load average ${machine.loadAverage.toFixed(2)}, ${effort}`,
    ...results.map(resultText),
  ].join('\n')
}

function resultText({ scenario, description, summaries, figures }: ScenarioResult): string {
  const rows = summaries.map(rowOf)
  const extra = Object.entries(figures).map(([name, value]) => `${name}: ${Number(value.toFixed(3))}`)
  return ['', `${scenario}: ${description}`, ...(rows.length > 0 ? columns([HEAD, ...rows]) : []), ...extra].join('\n')
}

const HEAD = ['server', 'requests/s', 'CPU µs/request', 'p50 ms', 'p99 ms', 'errors']

const rowOf = (one: Summary): string[] => [
  `${one.name} ${one.version}`,
  one.requestsPerSecond.toFixed(0),
  one.cpuMicros.toFixed(1),
  one.p50Ms.toFixed(2),
  one.p99Ms.toFixed(2),
  String(one.errors),
]

function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const cell = (text: string, column: number) =>
    column === 0 ? text.padEnd(widths[column] ?? 0) : text.padStart(widths[column] ?? 0)
  return rows.map((row) => row.map(cell).join('  '))
}
