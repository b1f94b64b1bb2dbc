import { createHash, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { mkdir, readdir, rename, rmdir } from 'node:fs/promises'
import { join } from 'node:path'

const OWNED = /^worker-(?<pid>\d+)-(?<start>[0-9a-f]{12})-[0-9a-f]{8}$/
const ORPHAN = /^orphan-[0-9a-f]{8}$/
const SEGMENT = /\.ndjson$/

/** Makes a folder whose name says which process it belongs to. */
export async function claimFolder(root: string): Promise<string> {
  const folder = join(root, `worker-${process.pid}-${startOf(process.pid)}-${randomBytes(4).toString('hex')}`)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  return folder
}

/** Gives a folder up: gone when empty, left for the next one to adopt when not. */
export async function giveUpFolder(root: string, folder: string): Promise<void> {
  try {
    await rmdir(folder)
  } catch {
    await rename(folder, join(root, `orphan-${randomBytes(4).toString('hex')}`)).catch(ignoreMissing)
  }
}

/**
 * Moves the segments of processes that no longer run into `folder`. Each file moves in one step, so of several adopters
 * exactly one gets it, and a crash in between loses nothing.
 */
export async function adoptOrphans(root: string, folder: string): Promise<void> {
  for (const name of await readdir(root)) {
    if (isOrphaned(name)) await adopt(join(root, name), folder)
  }
}

async function adopt(orphan: string, folder: string): Promise<void> {
  const names = await readdir(orphan).catch(() => [])
  for (const name of names.filter((entry) => SEGMENT.test(entry))) {
    await rename(join(orphan, name), join(folder, name)).catch(ignoreMissing)
  }
  await rmdir(orphan).catch(() => {})
}

/** Another adopter was faster, or someone removed it. */
function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error
}

function isOrphaned(name: string): boolean {
  if (ORPHAN.test(name)) return true
  const { pid, start } = OWNED.exec(name)?.groups ?? {}
  return pid !== undefined && !(isRunning(Number(pid)) && startOf(Number(pid)) === start)
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Tells a process from a later one of the same pid (proc(5), field 22 of stat); the same for all where there is no /proc. */
function startOf(pid: number): string {
  let facts = ''
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    facts = `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8')}:${fields[19] ?? ''}`
  } catch {}
  return createHash('sha256').update(facts).digest('hex').slice(0, 12)
}
