import { GatewayError, type Logger } from '@konnect/contract'
import type { TemporaryKey, TemporaryKeySource } from '@konnect/sdk'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { RenewedKey, RenewedKeys } from './temporary-key.ts'

const HOUR_MS = 3_600_000
const START_MS = Date.UTC(2027, 0, 1)

beforeEach(() => void vi.useFakeTimers({ now: START_MS }))
afterEach(() => void vi.useRealTimers())

/** A source of `key-1`, `key-2`, …; `fail` makes it refuse until it is called with nothing. */
function sourceOf(lifetimeMs = HOUR_MS) {
  let failure: Error | undefined
  let count = 0
  const obtain = vi.fn<TemporaryKeySource['obtain']>((_fetchText, nowMs) => {
    count++
    if (failure !== undefined) return Promise.reject(failure)
    return Promise.resolve({ apiKey: `key-${count}`, expiresAtMs: nowMs + lifetimeMs })
  })
  const source: TemporaryKeySource = { dependsOn: ['secret'], obtain }
  return {
    source,
    obtain,
    fail: (why?: Error) => {
      failure = why
    },
  }
}

function contextOf() {
  const lines: string[] = []
  const log = (fields: object, message: string) => void lines.push(`${message} ${JSON.stringify(fields)}`)
  const logger: Logger = { debug: log, info: log, warn: log, error: log }
  const fetchText = () => Promise.reject(new Error('no fetching here'))
  return { lines, context: { fetchText, logger, now: Date.now, random: () => 0.5 } }
}

/** A renewed key whose first attempt is over. */
async function opened(source: TemporaryKeySource) {
  const { lines, context } = contextOf()
  const key = new RenewedKey(source, 'vertex', context)
  await vi.advanceTimersByTimeAsync(0)
  return { key, lines }
}

describe('a renewed key', () => {
  it('is got at once, and renewed well before it ends', async () => {
    const { source, obtain } = sourceOf()
    const { key } = await opened(source)
    expect(key).toMatchObject({ apiKey: 'key-1', leftMs: 0, why: undefined })
    await vi.advanceTimersByTimeAsync(0.69 * HOUR_MS)
    expect(obtain).toHaveBeenCalledTimes(1)
    await vi.advanceTimersByTimeAsync(0.02 * HOUR_MS)
    expect(key).toMatchObject({ apiKey: 'key-2', leftMs: 0 })
    await vi.advanceTimersByTimeAsync(24 * HOUR_MS)
    expect(key.leftMs).toBe(0)
    expect(obtain.mock.calls.length).toBeLessThan(40)
    key.close()
  })

  it('goes on with the key at hand while renewals fail, and says so once', async () => {
    const { source, obtain, fail } = sourceOf()
    const { key, lines } = await opened(source)
    fail(new Error('the token endpoint answers 500'))
    await vi.advanceTimersByTimeAsync(0.98 * HOUR_MS)
    expect(key).toMatchObject({ apiKey: 'key-1', leftMs: 0 })
    expect(lines).toEqual([expect.stringMatching(/cannot be renewed.*"vertex".*answers 500/)])
    // From a second on up to a minute: some twenty in a quarter of an hour, not hundreds.
    expect(obtain.mock.calls.length).toBeGreaterThan(10)
    expect(obtain.mock.calls.length).toBeLessThan(40)
    fail()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(key).toMatchObject({ leftMs: 0, why: undefined })
    expect(lines.at(-1)).toMatch(/renewed again/)
    expect(lines.join()).not.toMatch(/key-\d/)
    key.close()
  })

  it('cannot be used any more shortly before it ends, and says why and until when', async () => {
    const { source, fail } = sourceOf()
    const { key } = await opened(source)
    fail(new GatewayError('dependency_unavailable', { reason: 'nobody listens' }))
    await vi.advanceTimersByTimeAsync(HOUR_MS - 10_000)
    expect(key.why).toBe('nobody listens')
    expect(key.leftMs).toBeGreaterThan(0)
    expect(key.leftMs).toBeLessThanOrEqual(60_000)
    key.close()
  })

  it('has no attempt to wait for while it pauses after a failure', async () => {
    const { source, obtain, fail } = sourceOf()
    fail(new Error('invalid_grant'))
    const { key } = await opened(source)
    expect(key.attempt()).toBeUndefined()
    expect(obtain).toHaveBeenCalledTimes(1)
    fail()
    await vi.advanceTimersByTimeAsync(1_000)
    expect(key).toMatchObject({ apiKey: 'key-2', leftMs: 0 })
    key.close()
  })

  it('is got by one attempt at a time, whoever waits', async () => {
    let give: (key: TemporaryKey) => void = () => {}
    const obtain = vi.fn(() => new Promise<TemporaryKey>((resolve) => (give = resolve)))
    const { context } = contextOf()
    const key = new RenewedKey({ dependsOn: [], obtain }, 'vertex', context)
    expect(key).toMatchObject({ apiKey: undefined, leftMs: 1, why: 'its first key has not come yet' })
    const waiting = [key.attempt(), key.attempt()]
    give({ apiKey: 'late', expiresAtMs: Date.now() + HOUR_MS })
    await Promise.all(waiting)
    expect(obtain).toHaveBeenCalledTimes(1)
    expect(key.attempt()).toBeUndefined()
    expect(key.apiKey).toBe('late')
    key.close()
  })

  it('is got when it is wanted where the timer came too late, after a sleep of the machine', async () => {
    const { source } = sourceOf()
    const { key } = await opened(source)
    vi.setSystemTime(START_MS + 5 * HOUR_MS)
    expect(key.leftMs).toBe(1)
    await key.attempt()
    expect(key).toMatchObject({ apiKey: 'key-2', leftMs: 0 })
    key.close()
  })

  it.each([0, -1, Number.NaN])('is refused where it comes with a lifetime of %s', async (lifetimeMs) => {
    const { source } = sourceOf(lifetimeMs)
    const { key } = await opened(source)
    expect(key.apiKey).toBeUndefined()
    expect(key.why).toMatch(/expired already/)
    key.close()
  })

  it('is not renewed any more once it is closed, and holds to its end', async () => {
    const { source, obtain } = sourceOf()
    const { key } = await opened(source)
    key.close()
    await vi.advanceTimersByTimeAsync(0.9 * HOUR_MS)
    expect(key).toMatchObject({ apiKey: 'key-1', leftMs: 0 })
    expect(obtain).toHaveBeenCalledTimes(1)
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('renewed keys', () => {
  const provider = { id: 'prov_1', name: 'vertex' }

  it('outlive a publish that leaves alone what they depend on', async () => {
    const keys = new RenewedKeys(contextOf().context)
    const first = keys.of(provider, sourceOf().source)
    keys.sweep()
    expect(keys.of(provider, sourceOf().source)).toBe(first)
    expect(keys.of({ ...provider, id: 'prov_2' }, sourceOf().source)).not.toBe(first)
    expect(keys.of(provider, { ...sourceOf().source, dependsOn: ['other'] })).not.toBe(first)
    keys.close()
  })

  it('are renewed no longer than a publish asks for them', async () => {
    const keys = new RenewedKeys(contextOf().context)
    const { source, obtain } = sourceOf()
    keys.of(provider, source)
    keys.sweep()
    await vi.advanceTimersByTimeAsync(HOUR_MS)
    expect(obtain).toHaveBeenCalledTimes(2)
    keys.sweep()
    await vi.advanceTimersByTimeAsync(HOUR_MS)
    expect(obtain).toHaveBeenCalledTimes(2)
    expect(vi.getTimerCount()).toBe(0)
  })
})
