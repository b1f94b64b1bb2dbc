import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type SignedSnapshot, silentLogger } from '@konnect/contract'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createSnapshotCache } from './snapshot-cache.ts'
import { followSnapshots } from './snapshot-follower.ts'

const snapshot = (version: number): SignedSnapshot => ({ version, payload: `{"version":${version}}`, signature: 's' })

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'konnect-cache-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

async function versionsIn(cache: ReturnType<typeof createSnapshotCache>): Promise<number[]> {
  const versions: number[] = []
  for await (const { version } of cache.load()) versions.push(version)
  return versions
}

describe('the Snapshots on disk', () => {
  it('are the newest three, newest first', async () => {
    const cache = createSnapshotCache(join(folder, 'new'), silentLogger)
    expect(await versionsIn(cache)).toEqual([])
    for (const version of [1, 2, 10, 11]) await cache.save(snapshot(version))
    expect(await versionsIn(cache)).toEqual([11, 10, 2])
  })

  it('pass over a file that is cut off or not a Snapshot', async () => {
    const cache = createSnapshotCache(folder, silentLogger)
    await cache.save(snapshot(1))
    await writeFile(join(folder, 'snapshot-2.json'), '{"version": 2, "payl')
    await writeFile(join(folder, 'snapshot-3.json'), '{}')
    expect(await versionsIn(cache)).toEqual([1])
  })

  it('forget later versions when an earlier one is served again', async () => {
    const cache = createSnapshotCache(folder, silentLogger)
    for (const version of [7, 8, 3]) await cache.save(snapshot(version))
    expect(await versionsIn(cache)).toEqual([3])
    expect(await readdir(folder)).toEqual(['snapshot-3.json'])
  })
})

describe('following', () => {
  it('serves the newest usable Snapshot on disk first, then each that the source has, and keeps those', async () => {
    const cache = createSnapshotCache(folder, silentLogger)
    for (const version of [1, 2, 3]) await cache.save(snapshot(version))
    const ending = new AbortController()
    const applied: number[] = []
    const asked: number[] = []
    await followSnapshots({
      cache,
      logger: silentLogger,
      signal: ending.signal,
      source: {
        async next(version) {
          asked.push(version)
          if (asked.length === 1) throw new Error('out of reach')
          if (asked.length === 2) return snapshot(4)
          ending.abort()
          return undefined
        },
      },
      apply({ version }) {
        if (version === 3) throw new Error('of a newer program')
        applied.push(version)
      },
    })
    expect(applied).toEqual([2, 4])
    expect(asked).toEqual([2, 2, 4])
    expect((await versionsIn(cache))[0]).toBe(4)
  })

  it('keeps serving when a published Snapshot cannot be used, and asks for the next', async () => {
    const ending = new AbortController()
    const asked: number[] = []
    await followSnapshots({
      cache: createSnapshotCache(folder, silentLogger),
      logger: silentLogger,
      signal: ending.signal,
      source: {
        async next(version) {
          asked.push(version)
          if (asked.length === 1) return snapshot(5)
          ending.abort()
          return undefined
        },
      },
      apply() {
        throw new Error('cannot be used')
      },
    })
    expect(asked).toEqual([0, 5])
    expect(await readdir(folder)).toEqual([])
  })

  it.each([
    ['is no news while everything starts', [], 15_000, []],
    ['is told once when the start is over', [], 0, ['No Snapshot yet']],
    ['is told at once where a Snapshot is served', [snapshot(1)], 15_000, ['No new Snapshot']],
  ] as const)('a source that is away %s', async (_when, kept, startWithinMs, told) => {
    const cache = createSnapshotCache(folder, silentLogger)
    for (const one of kept) await cache.save(one)
    const ending = new AbortController()
    const warnings: string[] = []
    let asked = 0
    await followSnapshots({
      cache,
      logger: { ...silentLogger, warn: (_facts, message) => warnings.push(message) },
      signal: ending.signal,
      startWithinMs,
      source: {
        async next() {
          if (++asked === 3) ending.abort()
          throw new Error('out of reach')
        },
      },
      apply() {},
    })
    expect(warnings).toEqual(told.map((start) => expect.stringContaining(start)))
  })
})
