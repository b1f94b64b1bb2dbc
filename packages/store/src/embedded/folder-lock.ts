import { closeSync, fsyncSync, linkSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { GatewayError } from '@konnect/contract'

/** Who holds a data folder. */
interface LockOwner {
  readonly pid: number
  /** Distinguishes a process from a later one of the same pid; null where the system does not tell. */
  readonly startedAt: string | null
}

/** A held data folder. */
export interface FolderLock {
  release(): void
}

const LOCK_FILE = 'konnect.lock'
const ATTEMPTS = 20

/**
 * Takes the folder for this process alone. The lock of a process that no longer runs is taken over.
 * Throws GatewayError `data_folder_locked`, naming the folder and the process.
 */
export function lockFolder(folder: string): FolderLock {
  const path = join(folder, LOCK_FILE)
  const owner: LockOwner = { pid: process.pid, startedAt: startOf(process.pid) }
  const text = JSON.stringify(owner)
  const draft = `${path}.${process.pid}.${Date.now()}`
  writeDraft(draft, text)
  try {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      if (tryLink(draft, path)) return { release: () => releaseOwn(path, text) }
      const held = readIfAny(path)
      if (held === undefined) continue
      const holder = ownerOf(held)
      if (holder !== undefined && isRunning(holder)) throw lockedBy(holder, folder)
      removeStale(path, held)
    }
  } finally {
    rmSync(draft, { force: true })
  }
  throw new GatewayError('data_folder_locked', { reason: `the lock of ${folder} changes hands too often` })
}

function lockedBy(holder: LockOwner, folder: string): GatewayError {
  const detail = `Process ${holder.pid} uses the data folder ${folder}.`
  return new GatewayError('data_folder_locked', { detail, reason: detail })
}

function writeDraft(path: string, text: string): void {
  const handle = openSync(path, 'wx', 0o600)
  try {
    writeSync(handle, text)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

/** Hard-linking is exclusive, and the lock appears with its content, never empty. */
function tryLink(draft: string, path: string): boolean {
  try {
    linkSync(draft, path)
    return true
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false
    throw error
  }
}

/** Moves the stale lock aside first, so that of two starters only one removes it, and never a fresh one for good. */
function removeStale(path: string, stale: string): void {
  const aside = `${path}.stale.${process.pid}`
  try {
    renameSync(path, aside)
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return
    throw error
  }
  if (readIfAny(aside) !== stale) tryLink(aside, path)
  rmSync(aside, { force: true })
}

function releaseOwn(path: string, text: string): void {
  if (readIfAny(path) === text) rmSync(path, { force: true })
}

function readIfAny(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined
    throw error
  }
}

function ownerOf(text: string): LockOwner | undefined {
  try {
    const { pid, startedAt } = JSON.parse(text) as Partial<LockOwner>
    return Number.isInteger(pid) && pid !== undefined ? { pid, startedAt: startedAt ?? null } : undefined
  } catch {
    return undefined
  }
}

function isRunning(owner: LockOwner): boolean {
  try {
    process.kill(owner.pid, 0)
  } catch (error) {
    // EPERM: it runs, as another user.
    if (!hasCode(error, 'EPERM')) return false
  }
  const fields = statOf(owner.pid)
  // A zombie has let go of everything, whoever has not collected it yet.
  if (fields?.[0] === 'Z') return false
  const startedAt = startOf(owner.pid)
  return startedAt === null || owner.startedAt === null || startedAt === owner.startedAt
}

/** Boot and start tick of a process; null where there is no /proc. */
function startOf(pid: number): string | null {
  const startTick = statOf(pid)?.[19]
  if (startTick === undefined) return null
  return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}:${startTick}`
}

/** Fields of `/proc/<pid>/stat` from the third on (proc(5)); the second may hold spaces. */
function statOf(pid: number): readonly string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  } catch {
    return undefined
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && (error as NodeJS.ErrnoException).code === code
}
