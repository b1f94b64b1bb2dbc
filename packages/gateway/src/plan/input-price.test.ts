import { createPricer } from '@konnect/ai'
import { expect, it } from 'vitest'
import { inputPriceOf } from './input-price.ts'

it('is the price of one token of input, whatever output costs, and undefined when it is unknown', () => {
  expect(inputPriceOf(createPricer('nobody', 'm', { input: 3, output: 15 }))).toBeCloseTo(3e-6, 12)
  expect(inputPriceOf(createPricer('nobody', 'm', { input: 0, output: 15 }))).toBe(0)
  expect(inputPriceOf(createPricer('nobody', 'm', { output: 15 }))).toBeUndefined()
  expect(inputPriceOf(createPricer('nobody', 'm'))).toBeUndefined()
})
