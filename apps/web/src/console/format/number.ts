const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })
const compact = new Intl.NumberFormat('en-US', { notation: 'compact', maximumSignificantDigits: 3 })

/** A count with thousands separators: `1,204`. */
export const formatCount = (value: number): string => whole.format(value)

/** A count that fits on an axis: `1.2K`, `3.4M`. */
export const formatCompact = (value: number): string => compact.format(value)

/** `1 call`, `1,204 calls`: the noun in the number that fits. */
export const formatNoun = (value: number, one: string, many = `${one}s`): string =>
  `${formatCount(value)} ${value === 1 ? one : many}`

/** A share as a percentage. Never rounds something to nothing: `0%`, `<0.1%`, `0.3%`, `12%`, `100%`. */
export function formatShare(part: number, all: number): string {
  if (all === 0 || part === 0) return '0%'
  const percent = (part / all) * 100
  if (percent < 0.1) return '<0.1%'
  if (percent >= 99.95 && part < all) return '>99.9%'
  return percent < 10 ? `${Number(percent.toFixed(1))}%` : `${Math.round(percent)}%`
}

const BYTE_UNITS = ['B', 'KB', 'MB', 'GB', 'TB'] as const

/** Bytes in powers of 1024: `512 B`, `1.5 KB`, `12 MB`. */
export function formatBytes(bytes: number): string {
  let value = bytes
  let unit = 0
  while (value >= 1023.5 && unit < BYTE_UNITS.length - 1) {
    value /= 1024
    unit += 1
  }
  const digits = unit === 0 || value >= 9.95 ? 0 : 1
  return `${Number(value.toFixed(digits))} ${BYTE_UNITS[unit]}`
}
