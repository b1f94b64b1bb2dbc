import { describe, expect, it } from 'vitest'
import { AdmissionQueue } from './admission-queue.ts'
import type { Priority } from './waiting-line.ts'

/** Timers that run when they are told to. */
class Timers {
  readonly #timers = new Set<{ readonly run: () => void; readonly delayMs: number }>()
  readonly schedule = (run: () => void, delayMs: number) => {
    const timer = { run, delayMs }
    this.#timers.add(timer)
    return () => void this.#timers.delete(timer)
  }

  get size(): number {
    return this.#timers.size
  }

  /** Runs those with this delay. */
  fire(delayMs: number): void {
    for (const timer of [...this.#timers]) {
      if (timer.delayMs !== delayMs) continue
      this.#timers.delete(timer)
      timer.run()
    }
  }
}

const LIMITS = { length: 10, timeoutMs: 5_000 }
const settled = () => new Promise((resolve) => setImmediate(resolve))

/** A queue before rooms of some places, and what happened there. */
function stage(rooms: Record<string, number> = { a: 0 }) {
  const timers = new Timers()
  const busy: boolean[] = []
  const entered: string[] = []
  const queue = new AdmissionQueue((isBusy) => busy.push(isBusy), timers.schedule)
  const enter = (name: string, lane: string) => async () => {
    const room = lane.split('+').find((one) => (rooms[one] ?? 0) > 0)
    if (room === undefined) return false
    rooms[room] = (rooms[room] ?? 0) - 1
    entered.push(name)
    return true
  }
  const join = (name: string, priority: Priority = 'normal', lane = 'a', limits = LIMITS) =>
    queue.join({ priority, lane, enter: enter(name, lane) }, limits)
  const free = async (room = 'a') => {
    rooms[room] = (rooms[room] ?? 0) + 1
    queue.wake()
    await settled()
  }
  return { queue, timers, busy, entered, rooms, join, free }
}

describe('AdmissionQueue', () => {
  it('lets in by priority and then by arrival, one for each place that becomes free', async () => {
    const { join, free, entered } = stage()
    for (const [name, priority] of [
      ['l', 'low'],
      ['n1', 'normal'],
      ['h', 'high'],
      ['n2', 'normal'],
    ] as const) {
      join(name, priority)
    }
    await settled()
    expect(entered).toEqual([])
    await free()
    expect(entered).toEqual(['h'])
    await free()
    await free()
    await free()
    expect(entered).toEqual(['h', 'n1', 'n2', 'l'])
  })

  it('lets in at once whom there is room for', async () => {
    const { join, queue, timers } = stage({ a: 1 })
    expect(await join('one')?.result).toBe('entered')
    expect(queue.size).toBe(0)
    expect(timers.size).toBe(0)
  })

  it('takes no more than its length', () => {
    const { join, queue } = stage()
    expect(join('one', 'normal', 'a', { length: 1, timeoutMs: 1 })).toBeDefined()
    expect(join('two', 'high', 'a', { length: 1, timeoutMs: 1 })).toBeUndefined()
    expect(queue.size).toBe(1)
  })

  it('gives up after the time of each', async () => {
    const { join, timers, queue, free, entered } = stage()
    const short = join('short', 'high', 'a', { length: 10, timeoutMs: 10 })
    const long = join('long')
    timers.fire(10)
    expect(await short?.result).toBe('timed-out')
    await free()
    expect(await long?.result).toBe('entered')
    expect(entered).toEqual(['long'])
    expect([queue.size, timers.size]).toEqual([0, 0])
  })

  it('forgets at once who is gone', async () => {
    const { join, queue, timers, free, entered } = stage()
    const gone = join('gone', 'high')
    const stays = join('stays')
    gone?.cancel()
    expect(await gone?.result).toBe('cancelled')
    expect(queue.size).toBe(1)
    await free()
    expect(await stays?.result).toBe('entered')
    expect(entered).toEqual(['stays'])
    expect(timers.size).toBe(0)
  })

  it('does not hold up those who wait for other deployments', async () => {
    const { join, free, entered, queue } = stage({ a: 0, b: 0 })
    join('first', 'high', 'a')
    join('second', 'low', 'b')
    await free('b')
    expect(entered).toEqual(['second'])
    expect([queue.hasLine('a'), queue.hasLine('b')]).toEqual([true, false])
  })

  it('looks again by itself, for room that comes without a word', async () => {
    const { join, rooms, timers, entered } = stage()
    join('one')
    await settled()
    timers.fire(100)
    await settled()
    expect(entered).toEqual([])
    rooms.a = 1
    timers.fire(100)
    await settled()
    expect(entered).toEqual(['one'])
    expect(timers.size).toBe(0)
  })

  it('says when it becomes busy and when nobody waits any longer', async () => {
    const { join, free, busy } = stage()
    const one = join('one')
    join('two')
    await free()
    one?.cancel()
    await free()
    expect(busy).toEqual([true, false])
  })

  it('hands on what an attempt throws, and lets the next one in', async () => {
    const { queue, join, rooms } = stage()
    const broken = queue.join({ priority: 'high', lane: 'a', enter: () => Promise.reject(new Error('broken')) }, LIMITS)
    rooms.a = 1
    const next = join('next')
    await expect(broken?.result).rejects.toThrow('broken')
    expect(await next?.result).toBe('entered')
  })

  it('decides once where the time runs out during an attempt', async () => {
    const { queue, timers } = stage()
    let answer: (hasEntered: boolean) => void = () => {}
    const enter = () => new Promise<boolean>((resolve) => (answer = resolve))
    const wait = queue.join({ priority: 'normal', lane: 'a', enter }, { length: 1, timeoutMs: 10 })
    timers.fire(10)
    answer(true)
    expect(await wait?.result).toBe('entered')
    const other = queue.join({ priority: 'normal', lane: 'a', enter }, { length: 1, timeoutMs: 10 })
    timers.fire(10)
    answer(false)
    expect(await other?.result).toBe('timed-out')
  })
})
