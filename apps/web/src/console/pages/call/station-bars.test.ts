import { describe, expect, it } from 'vitest'
import { stationBars } from './station-bars.ts'

describe('stationBars', () => {
  it('puts stations into the order of a request, one after the other', () => {
    expect(stationBars({ send: 75, match: 25 })).toEqual([
      { station: 'match', micros: 25, startShare: 0, share: 0.25 },
      { station: 'send', micros: 75, startShare: 0.25, share: 0.75 },
    ])
  })

  it('loses none that it does not know', () => {
    expect(stationBars({ teleport: 5, listen: 5 }).map((bar) => bar.station)).toEqual(['listen', 'teleport'])
  })

  it('survives a call that took no time', () => {
    expect(stationBars({ listen: 0 })).toEqual([{ station: 'listen', micros: 0, startShare: 0, share: 0 }])
    expect(stationBars({})).toEqual([])
  })
})
