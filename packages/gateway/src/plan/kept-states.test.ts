import { expect, it } from 'vitest'
import { KeptStates } from './kept-states.ts'

it('keeps a state over every publish that asks for it, and forgets it with the first that does not', () => {
  const states = new KeptStates(() => ({}))
  const kept = states.of('kept')
  const dropped = states.of('dropped')
  expect(dropped).not.toBe(kept)
  states.sweep()
  expect(states.of('kept')).toBe(kept)
  states.sweep()
  expect(states.of('kept')).toBe(kept)
  expect(states.of('dropped')).not.toBe(dropped)
})
