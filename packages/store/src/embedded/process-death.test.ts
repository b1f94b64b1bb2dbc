import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { silentLogger } from '@konnect/contract'
import { afterAll, describe, expect, it } from 'vitest'
import { openStore } from '../open-store.ts'

const program = fileURLToPath(new URL('./writing-process.ts', import.meta.url))
const dataDir = mkdtempSync(join(tmpdir(), 'konnect-kill-'))

afterAll(() => rmSync(dataDir, { recursive: true, force: true }))

const startWriting = (first: number) =>
  spawn(process.execPath, ['--import', 'tsx', program, dataDir, String(first)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })

/** Kills the writer `lateMs` after it acknowledged `count` numbers; resolves with the last acknowledged one. */
async function writeAndKill(first: number, count: number, lateMs: number): Promise<number> {
  const child = startWriting(first)
  let last = first - 1
  const lines = createInterface({ input: child.stdout })
  lines.on('line', (line) => {
    last = Number(line)
    if (last === first + count - 1) setTimeout(() => child.kill('SIGKILL'), lateMs)
  })
  await Promise.all([once(child, 'exit'), once(lines, 'close')])
  return last
}

describe('the embedded store, when its process is killed', () => {
  it('loses nothing that was acknowledged, keeps transactions whole, and opens again', {
    timeout: 120_000,
  }, async () => {
    let next = 1
    for (const [count, lateMs] of [
      [1, 0],
      [40, 2.5],
      [90, 9],
    ] as const) {
      const acknowledged = await writeAndKill(next, count, lateMs)
      expect(acknowledged).toBeGreaterThanOrEqual(next + count - 1)
      const store = await openStore({ dataDir, logger: silentLogger })
      const last = Number(await store.asSystem((tx) => tx.settings.get('last')))
      expect(last).toBeGreaterThanOrEqual(acknowledged)
      expect(store.notices).toEqual([])
      await store.asSystem(async (tx) => {
        expect(await tx.settings.get(`number-${last}`)).toHaveLength(2_000)
        expect(await tx.settings.get(`number-${last + 1}`)).toBeUndefined()
        for (let number = 1; number <= last; number += 1)
          expect(await tx.settings.get(`number-${number}`)).toBeDefined()
      })
      await store.close()
      next = last + 1
    }
  })

  it('opens again also when the very first start was cut short', { timeout: 120_000 }, async () => {
    const fresh = mkdtempSync(join(tmpdir(), 'konnect-cut-'))
    try {
      for (const afterMs of [1_500, 3_000]) {
        const child = spawn(process.execPath, ['--import', 'tsx', program, fresh], { stdio: 'ignore' })
        setTimeout(() => child.kill('SIGKILL'), afterMs)
        await once(child, 'exit')
      }
      const store = await openStore({ dataDir: fresh, logger: silentLogger })
      expect(store.notices).toEqual([])
      expect(await store.asSystem((tx) => tx.resources.count('tenant'))).toBe(1)
      await store.close()
    } finally {
      rmSync(fresh, { recursive: true, force: true })
    }
  })
})
