import { describe, expect, it } from 'vitest'
import { cpuSeconds, parseStat, processTree, residentBytes, titleOf } from './processes.ts'
import { measure, median, percentile, summarise } from './rounds.ts'
import { parseResult } from './wrk.ts'

describe('process facts', () => {
  it('are read although the command holds brackets and blanks', () => {
    const line = '42 (a) b (c)) S 7 42 42 0 -1 4194304 1 2 3 4 500 60 0 0 20 0 11 0 1 2 3'
    expect(parseStat(line)).toEqual({ pid: 42, parent: 7, ticks: 560 })
  })

  it('cover this process, its time, its memory and its place in the tree', () => {
    expect(cpuSeconds([process.pid])).toBeGreaterThan(0)
    expect(residentBytes([process.pid])).toBeGreaterThan(10_000_000)
    expect(processTree(process.ppid)).toContain(process.pid)
    expect(titleOf(process.pid)).not.toBe('')
  })

  it('are nothing for a process that is gone', () => {
    expect([cpuSeconds([2 ** 30]), residentBytes([2 ** 30]), titleOf(2 ** 30)]).toEqual([0, 0, ''])
  })
})

describe('rounds', () => {
  const contender = { name: 'this', version: '1', pids: () => [process.pid] }
  const round = (requests: number, cpuMicros: number) => ({
    requests,
    seconds: 2,
    cpuMicros,
    p50Ms: 1,
    p99Ms: 2,
    errors: 1,
  })

  it('are summed up by their medians, errors by their sum', () => {
    const summary = summarise(contender, [round(100, 9), round(300, 1), round(200, 5)])
    expect(summary).toMatchObject({ requestsPerSecond: 100, cpuMicros: 5, errors: 3 })
  })

  it('divide the time that the processes used by the requests', async () => {
    const load = async () => ({ requests: 10, seconds: 1, p50Ms: 1, p99Ms: 1, errors: 0 })
    expect((await measure(contender, load)).cpuMicros).toBeGreaterThanOrEqual(0)
    await expect(measure({ ...contender, pids: () => [] }, load)).rejects.toThrow('no process')
  })

  it('have a middle and percentiles by nearest rank', () => {
    expect([median([3, 1, 2]), median([1, 2, 3, 4])]).toEqual([2, 2.5])
    const hundred = Array.from({ length: 100 }, (_, index) => index + 1)
    expect([percentile(hundred, 0.5), percentile(hundred, 0.99), percentile([7], 0.99)]).toEqual([50, 99, 7])
  })
})

describe("wrk's result", () => {
  it('is read from the line of our script', () => {
    expect(parseResult('Running 1s test\nRESULT 1000 2000000 1500 9000 3\n')).toEqual({
      requests: 1000,
      seconds: 2,
      p50Ms: 1.5,
      p99Ms: 9,
      errors: 3,
    })
  })

  it('is missed when there is none', () => {
    expect(() => parseResult('unable to connect')).toThrow('unable to connect')
  })
})
