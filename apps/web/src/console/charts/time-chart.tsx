import 'uplot/dist/uPlot.min.css'
import './charts.css'
import { useComputedColorScheme } from '@mantine/core'
import { useEffect, useRef } from 'react'
import UPlot from 'uplot'
import { formatExact } from '../format/time.ts'
import { niceMax, type Series } from './series.ts'

interface TimeChartProps {
  readonly label: string
  /** ISO 8601 starts of the buckets. */
  readonly times: readonly string[]
  readonly series: readonly Series[]
  /** Writes a value with its unit. */
  readonly format: (value: number) => string
  /** Called with a range that was selected by dragging, ISO 8601. */
  readonly onZoom?: (from: string, to: string) => void
}

/** Lines over time with labelled axes, a legend that is a table, drag to zoom, and the same numbers as a table. */
export function TimeChart(props: TimeChartProps) {
  return (
    <figure>
      <Plot {...props} />
      <table className="k-legend">
        <caption className="k-hidden">{props.label}: the whole range</caption>
        <tbody>
          {props.series.map((series) => (
            <tr key={series.title}>
              <th scope="row">
                <span className="k-swatch" data-series={series.color} />
                {series.title}
              </th>
              <td>{series.total}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <ChartTable {...props} />
    </figure>
  )
}

function ChartTable({ label, times, series, format }: TimeChartProps) {
  return (
    <details className="k-chart-table">
      <summary>Show as table</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard */}
      <section className="k-table-scroll" aria-label={`${label} as table`} tabIndex={0}>
        <table className="k-table">
          <thead>
            <tr>
              <th scope="col">From</th>
              {series.map((one) => (
                <th scope="col" key={one.title} data-numeric>
                  {one.title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {times.map((time, index) => (
              <tr key={time}>
                <td>{formatExact(time)}</td>
                {series.map((one) => (
                  <td key={one.title} data-numeric>
                    {format(one.values[index] ?? 0)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </details>
  )
}

function Plot({ label, times, series, format, onZoom }: TimeChartProps) {
  const frame = useRef<HTMLDivElement>(null)
  const zoom = useRef(onZoom)
  zoom.current = onZoom
  const scheme = useComputedColorScheme('light')
  // biome-ignore lint/correctness/useExhaustiveDependencies: the colours are read anew when the scheme changes
  useEffect(() => {
    const host = frame.current
    if (!host) return
    const data: UPlot.AlignedData = [
      times.map((time) => Date.parse(time) / 1000),
      ...series.map((one) => [...one.values]),
    ]
    const select = (from: number, to: number) =>
      zoom.current?.(new Date(from * 1000).toISOString(), new Date(to * 1000).toISOString())
    const plot = new UPlot(optionsOf(host, series, format, select), data, host)
    const observer = new ResizeObserver(() => plot.setSize({ width: host.clientWidth, height: host.clientHeight }))
    observer.observe(host)
    return () => {
      observer.disconnect()
      plot.destroy()
    }
  }, [times, series, format, scheme])
  return <div className="k-chart-plot" ref={frame} role="img" aria-label={`${label}, drawn over time`} />
}

const MIN_DRAG_PX = 6

function optionsOf(
  host: HTMLElement,
  series: readonly Series[],
  format: (value: number) => string,
  select: (from: number, to: number) => void,
): UPlot.Options {
  const style = getComputedStyle(host)
  const color = (name: string) => style.getPropertyValue(name).trim()
  const axis = {
    stroke: color('--k-dim'),
    font: `11px ${color('--k-font')}`,
    grid: { stroke: color('--k-line'), width: 1 },
  }
  const top = niceMax(series.flatMap((one) => one.values))
  return {
    width: host.clientWidth,
    height: host.clientHeight,
    legend: { show: false },
    cursor: { y: false, points: { size: 6 }, drag: { x: true, y: false, setScale: false } },
    scales: { y: { range: [0, top] } },
    axes: [
      { ...axis, ticks: { show: false }, space: 72, size: 32, values: timeTicks },
      { ...axis, ticks: { show: false }, size: 64, space: 36, values: (_plot, ticks) => ticks.map(format) },
    ],
    series: [
      {},
      ...series.map((one) => ({
        label: one.title,
        stroke: color(`--k-series-${one.color}`),
        width: 1.5,
        points: { show: one.values.length < 2 },
      })),
    ],
    hooks: {
      setSelect: [
        (plot) => {
          if (plot.select.width < MIN_DRAG_PX) return
          select(plot.posToVal(plot.select.left, 'x'), plot.posToVal(plot.select.left + plot.select.width, 'x'))
        },
      ],
    },
  }
}

const hours = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' })
const days = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' })
const DAY_S = 86_400

const timeTicks = (plot: UPlot, ticks: number[]): string[] => {
  const { min = 0, max = 0 } = plot.scales.x ?? {}
  const write = (max ?? 0) - (min ?? 0) > 2 * DAY_S ? days : hours
  return ticks.map((tick) => write.format(tick * 1000))
}
