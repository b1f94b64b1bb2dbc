/** Three digits that matter: `0.42 ms`, `8.1 ms`, `240 ms`, `1.24 s`, `2 min 5 s`. */
export function formatMs(ms: number): string {
  if (ms === 0) return '0 ms'
  if (ms < 0.01) return '<0.01 ms'
  if (ms < 1) return `${Number(ms.toFixed(2))} ms`
  if (ms < 10) return `${Number(ms.toFixed(1))} ms`
  if (ms < 999.5) return `${Math.round(ms)} ms`
  if (ms < 59_950) return `${Number((ms / 1000).toFixed(ms < 9_995 ? 2 : 1))} s`
  return formatLong(Math.round(ms / 1000))
}

/** As {@link formatMs}, of microseconds; below one millisecond in `µs`. */
export const formatMicros = (micros: number): string =>
  micros < 999.5 ? `${Math.round(micros)} µs` : formatMs(micros / 1000)

const LONG_UNITS = [
  [86_400, 'd'],
  [3_600, 'h'],
  [60, 'min'],
  [1, 's'],
] as const

function formatLong(seconds: number): string {
  const parts: string[] = []
  let rest = seconds
  for (const [size, unit] of LONG_UNITS) {
    const count = Math.floor(rest / size)
    rest -= count * size
    if (count > 0) parts.push(`${count} ${unit}`)
  }
  return parts.slice(0, 2).join(' ')
}
