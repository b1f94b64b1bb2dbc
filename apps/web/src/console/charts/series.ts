/** One line of a chart. */
export interface Series {
  readonly title: string
  /** Which of the four colours; the same thing has the same colour everywhere. */
  readonly color: 1 | 2 | 3 | 4
  readonly values: readonly number[]
  /** The figure over the whole range, in words. */
  readonly total: string
}

// Below what any figure can hold: money has twelve decimal places.
const NOTHING = 1e-12

/** The top of an axis: the next round number at or above the largest value; 1 when there is nothing to draw. */
export function niceMax(values: readonly number[]): number {
  const top = Math.max(0, ...values)
  if (top < NOTHING) return 1
  const power = 10 ** Math.floor(Math.log10(top))
  const step = [1, 2, 2.5, 5, 10].find((factor) => factor * power >= top) ?? 10
  return step * power
}
