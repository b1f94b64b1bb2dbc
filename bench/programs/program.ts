import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { waitFor } from '@konnect/testkit'
import { processTree } from '../measure/processes.ts'

/** A server that was started for a measurement. */
export interface Program {
  readonly pid: number
  /** Stops it, with everything that it started, and waits until it is gone. Idempotent. */
  stop(): Promise<void>
}

export interface ProgramOptions {
  readonly command: string
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Core that it and what it starts may use. */
  readonly core: number
  /** Where its output goes. */
  readonly logFile: string
  /** Resolves true once it serves. */
  readonly isReady: () => Promise<boolean>
  readonly readyWithinMs: number
}

/** Starts a program on one core and waits until it serves. Rejects with the end of its log when it does not. */
export async function startProgram(options: ProgramOptions): Promise<Program> {
  const log = openSync(options.logFile, 'w')
  const child = spawn('taskset', ['-c', String(options.core), options.command, ...options.args], {
    stdio: ['ignore', log, log],
    env: { ...process.env, ...options.env },
  })
  closeSync(log)
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
    child.once('error', () => resolve())
  })
  const pid = child.pid
  const stop = () => stopTree(child, gone)
  if (pid === undefined || !(await becomesReady(options, gone))) {
    await stop()
    const end = readFileSync(options.logFile, 'utf8').slice(-2000)
    throw new Error(`${options.command} did not serve within ${options.readyWithinMs} ms:\n${end}`)
  }
  return { pid, stop }
}

async function becomesReady(
  { command, isReady, readyWithinMs }: ProgramOptions,
  gone: Promise<void>,
): Promise<boolean> {
  let isGone = false
  void gone.then(() => {
    isGone = true
  })
  const probe = async () => (isGone ? 'gone' : (await isReady()) && 'ready')
  const outcome = waitFor(command, probe, { timeoutMs: readyWithinMs, intervalMs: 100 })
  return await outcome.then(
    (state) => state === 'ready',
    () => false,
  )
}

const GRACE_MS = 10_000

async function stopTree(child: ChildProcess, gone: Promise<void>): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  const tree = processTree(child.pid)
  child.kill('SIGTERM')
  const timer = setTimeout(() => tree.forEach(killHard), GRACE_MS)
  await gone
  clearTimeout(timer)
}

function killHard(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It went by itself.
  }
}

/** True when the URL answers with 2xx. */
export const answers = async (url: string, init?: RequestInit): Promise<boolean> => {
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(2_000) })
  await response.arrayBuffer()
  return response.ok
}
