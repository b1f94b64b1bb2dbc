import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'

const TICKS_PER_SECOND = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }))

/** What /proc/PID/stat says of a process (proc(5)). */
export interface ProcessStat {
  readonly pid: number
  readonly parent: number
  /** User and system time of all threads, in clock ticks. */
  readonly ticks: number
}

/** Parses one line of /proc/PID/stat. The command stands in brackets and may hold anything, brackets too. */
export function parseStat(line: string): ProcessStat {
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ')
  return {
    pid: Number.parseInt(line, 10),
    parent: Number(fields[1]),
    ticks: Number(fields[11]) + Number(fields[12]),
  }
}

/** User plus system time of the processes so far. Processes that are gone count nothing. */
export function cpuSeconds(pids: readonly number[]): number {
  const ticks = pids.map((pid) => statOf(pid)?.ticks ?? 0)
  return ticks.reduce((sum, one) => sum + one, 0) / TICKS_PER_SECOND
}

/** Resident memory of the processes, in bytes. */
export function residentBytes(pids: readonly number[]): number {
  const kibibytes = pids.map((pid) => /^VmRSS:\s+(\d+)/m.exec(procFile(pid, 'status') ?? '')?.[1] ?? '0')
  return kibibytes.reduce((sum, text) => sum + Number(text) * 1024, 0)
}

/** A process and everything it started, directly or not. */
export function processTree(root: number): number[] {
  const stats = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => statOf(Number(name)) ?? [])
  const below = (pid: number): number[] => [
    pid,
    ...stats.filter(({ parent }) => parent === pid).flatMap((child) => below(child.pid)),
  ]
  return below(root)
}

/** What the process calls itself: its title or its command line. */
export const titleOf = (pid: number): string => (procFile(pid, 'cmdline') ?? '').replaceAll('\0', ' ').trim()

/** Keeps every thread of the process on one core. */
export function pin(pid: number, core: number): void {
  execFileSync('taskset', ['-a', '-c', '-p', String(core), String(pid)], { stdio: 'ignore' })
}

const statOf = (pid: number): ProcessStat | undefined => {
  const line = procFile(pid, 'stat')
  return line === undefined ? undefined : parseStat(line)
}

function procFile(pid: number, name: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8')
  } catch {
    // The process has ended meanwhile.
    return undefined
  }
}
