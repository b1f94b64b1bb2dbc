/** A range of time, ISO 8601, `to` exclusive. */
export interface TimeRange {
  readonly from: string
  readonly to: string
}

/** Ranges that people choose by name, with their length. */
export const RANGES = [
  { id: '15m', label: 'Last 15 minutes', ms: 900_000 },
  { id: '1h', label: 'Last hour', ms: 3_600_000 },
  { id: '24h', label: 'Last 24 hours', ms: 86_400_000 },
  { id: '7d', label: 'Last 7 days', ms: 604_800_000 },
  { id: '30d', label: 'Last 30 days', ms: 2_592_000_000 },
] as const

/** What holds when the address names no range. */
export const DEFAULT_RANGE = '24h'

/** Turns a page query into a range: `from` and `to` if both are dates in order, else the one that `range` names. */
export function rangeOf(search: Readonly<Record<string, string | undefined>>, nowMs: number): TimeRange {
  const from = Date.parse(search.from ?? '')
  const to = Date.parse(search.to ?? '')
  if (from < to) return { from: new Date(from).toISOString(), to: new Date(to).toISOString() }
  const named = RANGES.find((range) => range.id === search.range) ?? RANGES.find((range) => range.id === DEFAULT_RANGE)
  return { from: new Date(nowMs - (named?.ms ?? 0)).toISOString(), to: new Date(nowMs).toISOString() }
}

/** Words for the range that a page query names, to stand in a sentence: `in the last 24 hours`. */
export function rangeWords(search: Readonly<Record<string, string | undefined>>): string {
  if (Date.parse(search.from ?? '') < Date.parse(search.to ?? '')) return 'in the chosen time'
  const named = RANGES.find((range) => range.id === (search.range ?? DEFAULT_RANGE))
  return `in the ${(named?.label ?? 'Last 24 hours').toLowerCase()}`
}
