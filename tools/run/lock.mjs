import { readFileSync, rmSync, writeFileSync } from 'node:fs'

const LOOK_AGAIN_MS = 100

/** Runs `work` while no other process holds the lock file `path`; a lock of a process that is gone counts as free. */
export async function withLock(path, work) {
  while (!take(path)) await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS))
  try {
    return await work()
  } finally {
    rmSync(path, { force: true })
  }
}

function take(path) {
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if (error.code !== 'EEXIST') throw error
    if (!isHeld(path)) rmSync(path, { force: true })
    return false
  }
}

function isHeld(path) {
  try {
    const pid = Number(readFileSync(path, 'utf8'))
    // Between creating the file and writing into it, the number is missing for a moment.
    if (pid === 0) return true
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}
