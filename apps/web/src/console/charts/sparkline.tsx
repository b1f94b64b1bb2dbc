interface SparklineProps {
  readonly values: readonly number[]
  readonly label: string
}

const WIDTH = 144
const HEIGHT = 36

/** The shape of a series, without axes. The figures beside it say the numbers. */
export function Sparkline({ values, label }: SparklineProps) {
  const top = Math.max(1, ...values)
  const step = WIDTH / Math.max(1, values.length - 1)
  const points = values.map(
    (value, index) => `${(index * step).toFixed(1)},${(HEIGHT - 2 - (value / top) * (HEIGHT - 4)).toFixed(1)}`,
  )
  return (
    <svg
      className="k-sparkline"
      width={WIDTH}
      height={HEIGHT}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={label}
    >
      <polyline
        points={points.join(' ')}
        fill="none"
        stroke="var(--k-series-1)"
        strokeWidth="1.5"
        strokeLinejoin="round"
      />
    </svg>
  )
}
