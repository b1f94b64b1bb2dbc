import { describe, expect, it } from 'vitest'
import { formatMicros, formatMs } from './duration.ts'

describe('formatMs', () => {
  it.each([
    [0, '0 ms'],
    [0.004, '<0.01 ms'],
    [0.42, '0.42 ms'],
    [8.14, '8.1 ms'],
    [239.6, '240 ms'],
    [999.7, '1 s'],
    [1_240, '1.24 s'],
    [12_340, '12.3 s'],
    [125_000, '2 min 5 s'],
    [90_061_000, '1 d 1 h'],
  ])('writes %d ms as %s', (ms, text) => expect(formatMs(ms)).toBe(text))
})

describe('formatMicros', () => {
  it('stays in microseconds below one millisecond', () => expect(formatMicros(320)).toBe('320 µs'))
  it('goes over to milliseconds from there', () => expect(formatMicros(8_140)).toBe('8.1 ms'))
})
