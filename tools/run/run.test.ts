import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
// @ts-expect-error plain JavaScript, because it runs before anything is installed
import { run } from './child.mjs'
// @ts-expect-error plain JavaScript, because it runs before anything is installed
import { fingerprint, isFresh, writeStamp } from './inputs.mjs'
// @ts-expect-error plain JavaScript, because it runs before anything is installed
import { withLock } from './lock.mjs'

const RUNNER = fileURLToPath(new URL('../run.mjs', import.meta.url))

function folderWith(...names: string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'konnect-run-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  for (const name of names) {
    mkdirSync(join(folder, name, '..'), { recursive: true })
    writeFileSync(join(folder, name), name)
  }
  return folder
}

describe('what a build is made from', () => {
  it('is stale once a file is added, removed, written or renamed', () => {
    const folder = folderWith('a.ts', 'deep/b.ts')
    const seen = [fingerprint([folder])]
    const changes = [
      () => writeFileSync(join(folder, 'c.ts'), ''),
      () => rmSync(join(folder, 'a.ts')),
      () => utimesSync(join(folder, 'deep/b.ts'), 1, 1),
    ]
    for (const change of changes) {
      change()
      seen.push(fingerprint([folder]))
    }
    expect(new Set(seen).size).toBe(seen.length)
  })

  it('does not depend on tests, on what was built, or on paths that do not exist', () => {
    const folder = folderWith('a.ts')
    const before = fingerprint([folder])
    writeFileSync(join(folder, 'a.test.ts'), '')
    mkdirSync(join(folder, 'dist'))
    writeFileSync(join(folder, 'dist', 'a.js'), '')
    expect(fingerprint([folder, join(folder, 'missing')])).toBe(before)
  })

  it('is compared with the stamp of the last build', () => {
    const folder = folderWith('a.ts')
    const stamp = join(folder, 'dist', '.inputs')
    expect(isFresh(stamp, [folder])).toBe(false)
    writeStamp(stamp, fingerprint([folder]))
    expect(isFresh(stamp, [folder])).toBe(true)
    writeFileSync(join(folder, 'a.ts'), 'longer than before')
    expect(isFresh(stamp, [folder])).toBe(false)
  })
})

describe('the lock of a build', () => {
  it('lets one in at a time, and the next one in after a failure', async () => {
    const lock = join(folderWith('a.ts'), 'lock')
    let inside = 0
    const enter = (fails: boolean) =>
      withLock(lock, async () => {
        expect(++inside).toBe(1)
        await new Promise(setImmediate)
        inside--
        if (fails) throw new Error('as told')
      })
    const results = await Promise.allSettled([enter(true), enter(false), enter(false)])
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled'])
  })

  it('is taken over from a process that is gone', async () => {
    const lock = join(folderWith('a.ts'), 'lock')
    writeFileSync(lock, String(2 ** 30))
    expect(await withLock(lock, async () => 'in')).toBe('in')
  })
})

describe('the runner', () => {
  it('refuses an unknown verb with its usage and exit code 2', async () => {
    const failure = await new Promise<{ code: unknown; stderr: string }>((resolve) => {
      execFile(process.execPath, [RUNNER, 'toString'], (error, _stdout, stderr) =>
        resolve({ code: error?.code, stderr }),
      )
    })
    expect(failure).toMatchObject({ code: 2, stderr: expect.stringContaining('start|test|e2e|build|bench|new|ci') })
  })

  it('passes on exit codes, and signals as shells do', async () => {
    expect(await run(process.execPath, ['-e', 'process.exit(7)'])).toBe(7)
    expect(await run(process.execPath, ['-e', 'process.kill(process.pid, "SIGKILL")'])).toBe(137)
    await expect(run('/nowhere/program', [])).rejects.toThrow('ENOENT')
  })
})
