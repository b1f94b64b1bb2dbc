import { formatMicros } from '../../format/duration.ts'
import { formatShare } from '../../format/number.ts'
import { stationBars } from './station-bars.ts'

/** How long each station took, one after the other. The numbers stand beside the bars. */
export function Waterfall({ stations }: { readonly stations: Readonly<Record<string, number>> }) {
  const bars = stationBars(stations)
  if (bars.length === 0) return <p className="k-dim">No timings were recorded.</p>
  return (
    <table className="k-waterfall">
      <thead className="k-hidden">
        <tr>
          <th scope="col">Station</th>
          <th scope="col">Place in time</th>
          <th scope="col">Took</th>
        </tr>
      </thead>
      <tbody>
        {bars.map((bar) => (
          <tr key={bar.station}>
            <th scope="row">{bar.station}</th>
            <td aria-hidden="true">
              <svg aria-hidden="true" className="k-bar" viewBox="0 0 1000 12" preserveAspectRatio="none">
                <rect className="k-bar-ground" width="1000" height="12" />
                <rect
                  className="k-bar-span"
                  x={Math.min(996, bar.startShare * 1000)}
                  width={Math.max(4, bar.share * 1000)}
                  height="12"
                />
              </svg>
            </td>
            <td title={`${formatShare(bar.share, 1)} of the whole`}>{formatMicros(bar.micros)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
