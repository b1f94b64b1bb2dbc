import { type SnapshotRow, type Store, silentLogger } from '@konnect/contract'
import { describe, expect, it } from 'vitest'
import { createTestSigner } from '../harness/control-harness.ts'
import { createSnapshotFeed } from './feed.ts'

const signer = createTestSigner()
const signed = (version: number) => ({ version, payload: `v${version}`, signature: signer.sign(`v${version}`) })
const never = new AbortController().signal

/** A store that knows nothing but its latest Snapshot. */
function storeOf(latest?: { version: number; payload: string; signature: string }): Store {
  const snapshots = {
    list: async () => ({ items: latest ? [latest] : [], nextCursor: null }),
    get: async () => latest as SnapshotRow | undefined,
  }
  return { kind: 'embedded', asSystem: (work: (tx: unknown) => unknown) => work({ snapshots }) } as unknown as Store
}
const feedOf = (store = storeOf()) => createSnapshotFeed({ store, logger: silentLogger, signer })

describe('the feed of Snapshots', () => {
  it('wakes everyone who waits, once, with the newest', async () => {
    const feed = feedOf()
    const waiting = [feed.next(0, 10_000, never), feed.next(1, 10_000, never)]
    feed.announce(signed(2))
    feed.announce(signed(1))
    expect((await Promise.all(waiting)).map((one) => one?.version)).toEqual([2, 2])
    expect(feed.latest?.version).toBe(2)
    await feed.close()
  })

  it('keeps waiting for one that is newer than what the caller has', async () => {
    const feed = feedOf()
    const waiting = feed.next(5, 10_000, never)
    feed.announce(signed(4))
    feed.announce(signed(6))
    expect((await waiting)?.version).toBe(6)
    await feed.close()
  })

  it('answers nothing after the wait, when the caller leaves, and when it closes', async () => {
    const feed = feedOf()
    const leaving = new AbortController()
    const left = feed.next(0, 10_000, leaving.signal)
    leaving.abort()
    const closed = feed.next(0, 10_000, never)
    expect([await feed.next(0, 5, never), await left]).toEqual([undefined, undefined])
    await feed.close()
    expect(await closed).toBeUndefined()
  })

  it('takes only Snapshots of this installation from the database', async () => {
    const own = feedOf(storeOf(signed(3)))
    await own.refresh()
    expect(own.latest).toEqual(signed(3))
    const foreign = feedOf(storeOf({ ...signed(3), signature: createTestSigner().sign('v3') }))
    await foreign.refresh()
    expect(foreign.latest).toBeUndefined()
  })
})
