import { describe, expect, it } from 'vitest'
import { waitFor } from './wait-for.ts'

describe('waitFor', () => {
  it('resolves with the first value, zero and empty text included', async () => {
    let calls = 0
    expect(await waitFor('a third call', () => ++calls === 3 && calls)).toBe(3)
    expect(await waitFor('zero', () => 0)).toBe(0)
    expect(await waitFor('empty text', async () => '')).toBe('')
  })

  it('takes a probe that throws as not yet', async () => {
    let calls = 0
    const probe = () => {
      if (++calls < 3) throw new Error('refused')
      return calls
    }
    expect(await waitFor('success', probe)).toBe(3)
  })

  it('rejects in time, saying what it waited for and why it failed last', async () => {
    const refuse = () => {
      throw new Error('refused')
    }
    const failure = waitFor('a server', refuse, { timeoutMs: 20 })
    await expect(failure).rejects.toMatchObject({ message: 'Waited 20 ms for a server', cause: { message: 'refused' } })
  })
})
