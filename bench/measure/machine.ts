import { execFileSync } from 'node:child_process'
import { cpus, loadavg, release, totalmem } from 'node:os'

/** Facts without which a figure means nothing. */
export interface MachineFacts {
  readonly date: string
  readonly cpu: string
  readonly cores: number
  readonly memoryBytes: number
  readonly kernel: string
  readonly node: string
  readonly commit: string
  /** One-minute load average before the first round: above a few tenths, others were using the machine too. */
  readonly loadAverage: number
}

/** Reads the facts of this machine, now. */
export function machineFacts(): MachineFacts {
  return {
    date: new Date().toISOString(),
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryBytes: totalmem(),
    kernel: release(),
    node: process.version,
    commit: output('git', ['rev-parse', '--short', 'HEAD']),
    loadAverage: loadavg()[0] ?? 0,
  }
}

/** What a program prints, both streams, trimmed; `unknown` when it cannot be run. */
export function output(command: string, args: readonly string[]): string {
  try {
    return execFileSync('sh', ['-c', '"$0" "$@" 2>&1', command, ...args], { encoding: 'utf8' }).trim()
  } catch {
    return 'unknown'
  }
}
