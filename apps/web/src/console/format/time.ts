const STEPS = [
  [45, 1, 'second'],
  [2_700, 60, 'minute'],
  [79_200, 3_600, 'hour'],
  [2_505_600, 86_400, 'day'],
  [29_808_000, 2_592_000, 'month'],
  [Number.POSITIVE_INFINITY, 31_536_000, 'year'],
] as const

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })
const exact = new Intl.DateTimeFormat('en-GB', {
  year: 'numeric',
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  timeZoneName: 'short',
})

/** `12 seconds ago`, `yesterday`, `in 3 months`. `nowMs` is milliseconds since the epoch. */
export function formatRelative(iso: string, nowMs: number): string {
  const seconds = (Date.parse(iso) - nowMs) / 1000
  if (Number.isNaN(seconds)) return iso
  if (Math.abs(seconds) < 2) return 'just now'
  for (const [limit, size, unit] of STEPS) {
    if (Math.abs(seconds) < limit) return relative.format(roundAway(seconds / size), unit)
  }
  return iso
}

/** Date and time to the second with the time zone, in the reader's own zone. */
export function formatExact(iso: string): string {
  const date = new Date(iso)
  return Number.isNaN(date.getTime()) ? iso : exact.format(date)
}

const roundAway = (value: number): number => Math.sign(value) * Math.round(Math.abs(value))
