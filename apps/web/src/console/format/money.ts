const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?$/

/**
 * USD from exact decimal text, rounded half up on the text itself, never through a float: two decimals from one dollar
 * on, otherwise enough for three digits that matter (`$0.00123`). Text that is no decimal is returned as it is.
 */
export function formatUsd(text: string): string {
  const match = DECIMAL.exec(text)
  if (!match) return text
  const [, sign = '', whole = '0', fraction = ''] = match
  const digits = BigInt(whole) > 0n ? 2 : decimalsFor(fraction)
  const scaled = roundTo(whole, fraction, digits)
  const rounded = scaled.toString().padStart(digits + 1, '0')
  const dollars = BigInt(rounded.slice(0, -digits)).toLocaleString('en-US')
  return `${sign}$${dollars}.${rounded.slice(-digits)}`
}

function decimalsFor(fraction: string): number {
  const zeros = /^0*/.exec(fraction)?.[0].length ?? 0
  if (zeros === fraction.length) return 2
  const significant = fraction.slice(0, zeros + 3).replace(/0+$/, '')
  return Math.max(2, significant.length)
}

function roundTo(whole: string, fraction: string, digits: number): bigint {
  const kept = BigInt(whole + fraction.slice(0, digits).padEnd(digits, '0'))
  return Number(fraction[digits] ?? '0') >= 5 ? kept + 1n : kept
}

/** The exact amount, for a tooltip: `$0.001234567`. */
export const exactUsd = (text: string): string => (DECIMAL.test(text) ? `$${text}` : text)

const price = new Intl.NumberFormat('en-US', {
  style: 'currency',
  currency: 'USD',
  minimumFractionDigits: 2,
  maximumFractionDigits: 6,
})

/** A list price in USD, not rounded above a millionth: `$0.075`; a dash for one that nobody knows. */
export const formatListPrice = (usd: number | null): string => (usd === null ? '–' : price.format(usd))
