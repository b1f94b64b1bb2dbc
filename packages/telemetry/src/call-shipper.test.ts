import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Call, decodeCall, GatewayError } from '@konnect/contract'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type CallShipper, type CallShipperOptions, createCallShipper } from './call-shipper.ts'
import { type CallSpool, createCallSpool } from './spool/call-spool.ts'
import { rememberingLogger, testCall } from './test-calls.ts'

let dir = ''
let spool: CallSpool
let logger: ReturnType<typeof rememberingLogger>
let shipper: CallShipper | undefined

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'konnect-ship-'))
  logger = rememberingLogger()
  spool = await createCallSpool({ dir, logger })
})

afterEach(async () => {
  await shipper?.close()
  await spool.close()
  rmSync(dir, { recursive: true, force: true })
})

type ShipCalls = (calls: readonly Call[]) => Promise<void>

function start(ship: ShipCalls, options: Partial<CallShipperOptions> = {}): CallShipper {
  const shipRecords = (records: readonly Buffer[]) =>
    ship(records.map((record) => decodeCall(JSON.parse(record.toString()))))
  shipper = createCallShipper({ spool, ship: shipRecords, lingerMs: 1, ...options })
  return shipper
}

const record = (from: number, to: number) => {
  for (let number = from; number <= to; number += 1) spool.record(testCall(`call-${number}`))
}
const ids = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => `call-${from + index}`)

/** A receiver that keeps what it gets. */
function receiver() {
  const received: string[] = []
  const sizes: number[] = []
  const ship = async (calls: readonly Call[]) => {
    received.push(...calls.map((call) => call.id))
    sizes.push(calls.length)
  }
  return { received, sizes, ship }
}

describe('a call shipper', () => {
  it('ships every call once and in order, in batches within the limit', async () => {
    const { received, sizes, ship } = receiver()
    start(ship, { batchSize: 100 })
    record(1, 950)
    expect(await shipper?.flush()).toBe(true)
    expect(received).toEqual(ids(1, 950))
    expect(Math.max(...sizes)).toBeLessThanOrEqual(100)
    expect(spool.status().pending).toBe(0)
  })

  it('notices calls on its own', async () => {
    const arrived = new Promise<readonly Call[]>((resolve) => {
      start(async (calls) => resolve(calls))
    })
    record(1, 1)
    expect((await arrived).map((call) => call.id)).toEqual(['call-1'])
  })

  it('tries again until the other side accepts, and keeps the order', async () => {
    const { received, ship } = receiver()
    let attempts = 0
    start(async (calls) => {
      attempts += 1
      if (attempts <= 3) throw new Error('out of reach')
      await ship(calls)
    })
    record(1, 10)
    expect(await shipper?.flush(10_000)).toBe(true)
    expect(attempts).toBeGreaterThan(3)
    expect(received).toEqual(ids(1, 10))
  })

  it('keeps calls in the spool while the other side is away, for the next shipper', async () => {
    const { received, ship } = receiver()
    const away = start(() => Promise.reject(new Error('out of reach')))
    record(1, 5)
    expect(await away.flush(300)).toBe(false)
    await away.close()
    expect(spool.status().pending).toBe(5)
    expect(await start(ship).flush()).toBe(true)
    expect(received).toEqual(ids(1, 5))
  })

  it('sets a call aside that is never accepted, and ships all others in order', async () => {
    const { received, ship } = receiver()
    start(async (calls) => {
      if (calls.some((call) => call.id === 'call-7')) throw new GatewayError('validation_failed')
      await ship(calls)
    })
    record(1, 20)
    expect(await shipper?.flush()).toBe(true)
    expect(received).toEqual(ids(1, 20).filter((id) => id !== 'call-7'))
    expect(logger.lines).toEqual(['error: calls were refused for good and set aside'])
    const [file = ''] = readdirSync(join(dir, 'rejected'))
    const lines = readFileSync(join(dir, 'rejected', file), 'utf8')
      .trim()
      .split('\n')
    expect(lines.map((line) => (JSON.parse(line) as { call: Call }).call.id)).toEqual(['call-7'])
  })

  it('ships a batch again when the acknowledgement never arrived', async () => {
    const { received, ship } = receiver()
    let isFirst = true
    start(async (calls) => {
      await ship(calls)
      if (isFirst) {
        isFirst = false
        throw new Error('connection lost after the other side stored them')
      }
    })
    record(1, 3)
    expect(await shipper?.flush()).toBe(true)
    expect(received).toEqual([...ids(1, 3), ...ids(1, 3)])
  })

  it('ends with its signal, and then reports that nothing more is shipped', async () => {
    const control = new AbortController()
    const { received, ship } = receiver()
    start(ship, { signal: control.signal })
    control.abort()
    record(1, 2)
    expect(await shipper?.flush()).toBe(false)
    expect(received).toEqual([])
  })
})
