import { waitFor } from '@konnect/testkit'
import { describe, expect, it } from 'vitest'
import { every } from './every.ts'

describe('every', () => {
  it('runs at once and again, never two at a time, until it is stopped', async () => {
    let runs = 0
    let atOnce = 0
    let most = 0
    const stop = every(1, async () => {
      runs += 1
      atOnce += 1
      most = Math.max(most, atOnce)
      await Promise.resolve()
      atOnce -= 1
    })
    expect(runs).toBe(1)
    await waitFor('several runs', () => runs > 3)
    await stop()
    const ended = runs
    await new Promise((resolve) => setImmediate(resolve))
    expect([most, runs]).toEqual([1, ended])
  })

  it('stops only when the run under way has ended', async () => {
    let finish = () => {}
    const promise = new Promise<void>((resolve) => {
      finish = resolve
    })
    let isOver = false
    const stop = every(1, async () => {
      await promise
      isOver = true
    })
    const stopped = stop()
    finish()
    await stopped
    expect(isOver).toBe(true)
  })
})
