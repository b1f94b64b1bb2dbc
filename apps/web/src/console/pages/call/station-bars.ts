/** The ten stations in the order in which a request passes them. */
const STATIONS = [
  'listen',
  'match',
  'identify',
  'admit',
  'shape',
  'select',
  'translate',
  'send',
  'return',
  'account',
] as const

/** One bar of the waterfall. Shares are of the whole, 0 to 1. */
export interface StationBar {
  readonly station: string
  readonly micros: number
  readonly startShare: number
  readonly share: number
}

/** Lays the stations of a call one after the other. Stations that no list knows come last, none is lost. */
export function stationBars(stations: Readonly<Record<string, number>>): StationBar[] {
  const known = STATIONS.filter((name) => stations[name] !== undefined)
  const others = Object.keys(stations).filter((name) => !STATIONS.includes(name as (typeof STATIONS)[number]))
  const total = Object.values(stations).reduce((sum, micros) => sum + micros, 0)
  let start = 0
  return [...known, ...others].map((station) => {
    const micros = stations[station] ?? 0
    const bar = {
      station,
      micros,
      startShare: total === 0 ? 0 : start / total,
      share: total === 0 ? 0 : micros / total,
    }
    start += micros
    return bar
  })
}
