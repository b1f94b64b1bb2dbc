import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { foremost, type Place, type Priority, WaitingLine } from './waiting-line.ts'

const priorities = fc.constantFrom<Priority>('high', 'normal', 'low')
const RANK: Readonly<Record<Priority, number>> = { high: 0, normal: 1, low: 2 }

const placesOf = (list: readonly Priority[]): Place<number>[] =>
  list.map((priority, arrival) => ({ value: arrival, priority, arrival }))

function lineOf(places: readonly Place<number>[]): WaitingLine<number> {
  const line = new WaitingLine<number>()
  for (const place of places) line.add(place)
  return line
}

/** Serves everyone; in which order? */
function served(line: WaitingLine<number>): Place<number>[] {
  const order: Place<number>[] = []
  for (let first = line.first(); first !== undefined; first = line.first()) {
    line.serve(first)
    order.push(first)
  }
  return order
}

describe('WaitingLine', () => {
  it('serves everyone once: by priority and then by arrival, but for every eighth turn', () => {
    fc.assert(
      fc.property(fc.array(priorities, { maxLength: 100 }), (list) => {
        const places = placesOf(list)
        const order = served(lineOf(places))
        expect(new Set(order).size).toBe(places.length)
        const left = new Set(places)
        order.forEach((place, turn) => {
          const others = [...left]
          const before = (a: Place<number>, b: Place<number>) =>
            turn % 8 === 7 ? a.arrival - b.arrival : RANK[a.priority] - RANK[b.priority] || a.arrival - b.arrival
          expect(place).toBe(others.sort(before)[0])
          left.delete(place)
        })
      }),
    )
  })

  it('serves each one within eight turns for everyone who was there before, however many with priority keep coming', () => {
    fc.assert(
      fc.property(fc.array(priorities, { minLength: 1, maxLength: 20 }), (list) => {
        const places = placesOf(list)
        const line = lineOf(places)
        const left = new Set(places)
        for (let turn = 1; left.size > 0; turn++) {
          line.add({ value: -1, priority: 'high', arrival: list.length + turn })
          const first = line.first() as Place<number>
          line.serve(first)
          left.delete(first)
          for (const place of left) expect(turn).toBeLessThan(8 * (place.arrival + 1))
        }
      }),
    )
  })

  it('forgets those who give up', () => {
    const places = placesOf(['low', 'high', 'high'])
    const line = lineOf(places)
    line.delete(places[1] as Place<number>)
    expect(served(line).map(({ value }) => value)).toEqual([2, 0])
    expect(line.isEmpty).toBe(true)
    expect(line.first()).toBeUndefined()
  })
})

describe('foremost', () => {
  it('is the line with the highest priority, then with the earliest arrival', () => {
    const [low, high, later] = placesOf(['low', 'high', 'high'])
    const lines = [lineOf([low as Place<number>]), lineOf([later as Place<number>]), lineOf([high as Place<number>])]
    expect(foremost(lines)).toBe(lines[2])
    expect(foremost([])).toBeUndefined()
    expect(foremost([new WaitingLine()])).toBeUndefined()
  })

  it('comes to each line in the end, whatever the others hold', () => {
    const patient = lineOf(placesOf(['low']))
    const busy = new WaitingLine<number>()
    for (let turn = 1; turn <= 8; turn++) {
      busy.add({ value: turn, priority: 'high', arrival: turn })
      const line = foremost([busy, patient])
      if (line === patient) return
      line?.serve(line.first() as Place<number>)
      patient.pass()
    }
    expect.unreachable('The line of low priority was never served')
  })
})
