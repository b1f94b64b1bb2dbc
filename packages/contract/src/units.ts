const DURATION = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/
const DURATION_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const
const SIZE = /^(\d+(?:\.\d+)?)(b|kb|mb|gb)$/i
const SIZE_BYTES = { b: 1, kb: 1024, mb: 1024 ** 2, gb: 1024 ** 3 } as const

/** Pattern of a duration in configuration: a number and one of ms, s, m, h, d, e.g. `500ms`, `30s`, `1.5h`. */
export const DURATION_PATTERN = DURATION.source

/** Pattern of a size in configuration: a number and one of b, kb, mb, gb (powers of 1024), e.g. `512kb`. */
export const SIZE_PATTERN = '^(\\d+(?:\\.\\d+)?)([bB]|[kKmMgG][bB])$'

/** Milliseconds of a configured duration. Throws `RangeError` on anything the pattern does not match. */
export function parseDurationMs(text: string): number {
  const match = DURATION.exec(text)
  if (!match) throw new RangeError(`Expected a duration such as 500ms, 30s, 5m, 1h or 7d, got "${text}"`)
  return Number(match[1]) * DURATION_MS[match[2] as keyof typeof DURATION_MS]
}

/** Bytes of a configured size. Throws `RangeError` on anything the pattern does not match. */
export function parseSizeBytes(text: string): number {
  const match = SIZE.exec(text)
  if (!match) throw new RangeError(`Expected a size such as 64kb, 10mb or 1gb, got "${text}"`)
  return Math.floor(Number(match[1]) * SIZE_BYTES[(match[2] ?? 'b').toLowerCase() as keyof typeof SIZE_BYTES])
}
