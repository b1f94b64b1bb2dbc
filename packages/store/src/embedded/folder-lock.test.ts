import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { GatewayError } from '@konnect/contract'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { lockFolder } from './folder-lock.ts'

let folder = ''
const lockFile = () => join(folder, 'konnect.lock')

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'konnect-lock-'))
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

function refusal(): GatewayError | undefined {
  try {
    lockFolder(folder).release()
    return undefined
  } catch (error) {
    if (error instanceof GatewayError) return error
    throw error
  }
}

describe('the lock of a data folder', () => {
  it('is refused while it is held, naming the process and the folder', () => {
    const lock = lockFolder(folder)
    const error = refusal()
    expect(error?.code).toBe('data_folder_locked')
    expect(error?.detail).toContain(String(process.pid))
    expect(error?.detail).toContain(folder)
    lock.release()
    expect(refusal()).toBeUndefined()
    expect(readdirSync(folder)).toEqual([])
  })

  it('is refused while another living process holds it', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' })
    await once(child, 'spawn')
    writeFileSync(lockFile(), JSON.stringify({ pid: child.pid, startedAt: null }))
    expect(refusal()?.detail).toContain(String(child.pid))
    child.kill('SIGKILL')
    await once(child, 'exit')
    expect(refusal()).toBeUndefined()
  })

  it('is taken over from a process that no longer runs', async () => {
    const child = spawn(process.execPath, ['-e', ''], { stdio: 'ignore' })
    await once(child, 'exit')
    writeFileSync(lockFile(), JSON.stringify({ pid: child.pid, startedAt: 'boot:1' }))
    const lock = lockFolder(folder)
    expect(readFileSync(lockFile(), 'utf8')).toContain(String(process.pid))
    lock.release()
  })

  it.runIf(existsSync('/proc/self/stat'))('is taken over when the pid now belongs to a later process', () => {
    writeFileSync(lockFile(), JSON.stringify({ pid: process.pid, startedAt: 'an-earlier-boot:1' }))
    expect(refusal()).toBeUndefined()
  })

  it.each(['', 'nonsense', '{}', '{"pid":"1"}'])('is taken over when it holds no owner: %j', (content) => {
    writeFileSync(lockFile(), content)
    expect(refusal()).toBeUndefined()
  })

  it('of someone else is not removed by a late release', () => {
    const lock = lockFolder(folder)
    writeFileSync(lockFile(), 'someone else')
    lock.release()
    expect(readFileSync(lockFile(), 'utf8')).toBe('someone else')
  })
})
