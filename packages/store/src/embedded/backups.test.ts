import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { backupStamp, isIntact, listBackups, pruneBackups } from './backups.ts'

let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'konnect-backups-'))
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

function write(second: number, content = `content ${second}`): string {
  const digest = createHash('sha256').update(content).digest('hex')
  const path = join(folder, `${backupStamp(new Date(Date.UTC(2026, 0, 31, 12, 0, second)))}.${digest}.tar.gz`)
  writeFileSync(path, content)
  return path
}

describe('backups', () => {
  it('are listed newest first, and nothing else is', async () => {
    const [older, newer] = [write(1), write(2)]
    for (const name of ['notes.txt', '20260131T120000000Z.tar.gz', `${'0'.repeat(64)}.tar.gz.draft`]) {
      writeFileSync(join(folder, name), 'x')
    }
    expect((await listBackups(folder)).map((backup) => backup.path)).toEqual([newer, older])
    expect(await listBackups(join(folder, 'missing'))).toEqual([])
  })

  it('are known to be damaged when a byte changed, was cut off, or the file is gone', async () => {
    const path = write(1, 'abcdef')
    const [backup] = await listBackups(folder)
    if (backup === undefined) throw new Error('the backup was not listed')
    expect(await isIntact(backup)).toBe(true)
    for (const damaged of ['abcdeF', 'abcde', '']) {
      writeFileSync(path, damaged)
      expect(await isIntact(backup)).toBe(false)
    }
    rmSync(path)
    expect(await isIntact(backup)).toBe(false)
  })

  it('are pruned to the newest, together with what a crash left half-written', async () => {
    const paths = [1, 2, 3, 4, 5, 6].map((second) => write(second))
    writeFileSync(join(folder, 'half.tar.gz.draft'), 'x')
    await pruneBackups(folder, 4)
    expect(readdirSync(folder).map((name) => join(folder, name))).toEqual(paths.slice(2))
  })
})
