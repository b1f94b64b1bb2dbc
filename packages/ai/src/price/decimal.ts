/** An exact non-negative decimal: `digits` × 10^-`scale`. */
export interface Decimal {
  readonly digits: bigint
  readonly scale: number
}

const NUMBER = /^(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/

export const ZERO: Decimal = { digits: 0n, scale: 0 }

/**
 * The decimal that a number was written as: its shortest text that reads back as the same number, so 0.1 is exactly one
 * tenth. Throws `RangeError` for negative and non-finite numbers.
 */
export function decimalOf(value: number): Decimal {
  const match = NUMBER.exec(String(value))
  if (!match) throw new RangeError(`Expected a non-negative number, got ${value}`)
  const fraction = match[2] ?? ''
  const scale = fraction.length - Number(match[3] ?? 0)
  const digits = BigInt((match[1] ?? '') + fraction)
  return scale < 0 ? { digits: digits * 10n ** BigInt(-scale), scale: 0 } : { digits, scale }
}

/** The value of a decimal's plain text, as {@link formatDecimal} writes it. Throws `RangeError` for anything else. */
export function parseDecimal(text: string): Decimal {
  const match = NUMBER.exec(text)
  if (!match || match[3] !== undefined) throw new RangeError(`Expected a plain decimal, got "${text}"`)
  const fraction = match[2] ?? ''
  return { digits: BigInt((match[1] ?? '') + fraction), scale: fraction.length }
}

/** The same value with more digits behind the point. */
const rescale = (value: Decimal, scale: number): bigint => value.digits * 10n ** BigInt(scale - value.scale)

/** a + b. */
export function plus(a: Decimal, b: Decimal): Decimal {
  if (a.digits === 0n) return b
  if (b.digits === 0n) return a
  const scale = Math.max(a.scale, b.scale)
  return { digits: rescale(a, scale) + rescale(b, scale), scale }
}

/** `value` × `count` ÷ 10^`places`; `count` is a non-negative integer. */
export function times(value: Decimal, count: number, places = 0): Decimal {
  return { digits: value.digits * BigInt(count), scale: value.scale + places }
}

/** Plain text without exponent and without zeros at the end, e.g. `0.00425`. */
export function formatDecimal(value: Decimal): string {
  if (value.digits === 0n) return '0'
  const text = value.digits.toString().padStart(value.scale + 1, '0')
  const point = text.length - value.scale
  const fraction = text.slice(point).replace(/0+$/, '')
  return fraction === '' ? text.slice(0, point) : `${text.slice(0, point)}.${fraction}`
}
