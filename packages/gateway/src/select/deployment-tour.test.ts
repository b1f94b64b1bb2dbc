import type { HeaderList } from '@konnect/contract'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CoolDown } from './cool-down.ts'
import { DeploymentTour, type TourStop } from './deployment-tour.ts'

class Key {
  readonly name: string
  readonly weight: number
  readonly isPooled: boolean
  readonly rest = new CoolDown({ now: () => 0, random: () => 0 })

  constructor(name: string, weight = 1, isPooled = true) {
    this.name = name
    this.weight = weight
    this.isPooled = isPooled
  }

  get state() {
    return {
      leftMs: this.rest.leftMs,
      cause: this.rest.cause,
      concerns: (status: number) => this.isPooled && (status === 401 || status === 429),
      failed: (status: number, headers: HeaderList) =>
        this.rest.start(status === 401 ? 'refused' : 'limited', Number(headers[1] ?? 0) * 1000),
    }
  }
}

const stop = (provider: string, ...keys: Key[]): TourStop<Key> => ({ provider, keys })
const tourOf = (order: readonly TourStop<Key>[], random = 0) =>
  new DeploymentTour<Key, TourStop<Key>>(order, () => random)

describe('a tour', () => {
  it('visits every deployment in order, and every key that fails at most once', () => {
    const sizes = fc.array(fc.nat({ max: 4 }), { maxLength: 5 })
    const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
    fc.assert(
      fc.property(sizes, random, fc.boolean(), (counts, draw, isPooled) => {
        const stops = counts.map((count, at) =>
          stop(`p${at}`, ...Array.from({ length: count }, (_, i) => new Key(`${at}/${i}`, i + 1, isPooled))),
        )
        const tour = tourOf(stops, draw)
        const seen: string[] = []
        while (tour.next()) {
          do {
            seen.push(tour.key?.name ?? '')
            expect(tour.deployment?.keys).toContain(tour.key)
          } while (tour.failed(429, []) && tour.nextKey())
        }
        const visited = counts.flatMap((count, at) => (count > 0 ? [String(at)] : []))
        expect([...new Set(seen.map((name) => name.split('/')[0]))]).toEqual(visited)
        expect(new Set(seen).size).toBe(seen.length)
        if (isPooled) expect(seen.length).toBe(counts.reduce((sum, count) => sum + count, 0))
      }),
    )
  })

  it('uses no key twice, even one that is ready again at once', () => {
    const eager = (name: string) => Object.assign(new Key(name), { rest: { leftMs: 0, cause: undefined, start() {} } })
    const tour = tourOf([stop('p', eager('x'), eager('y'))])
    tour.next()
    expect([tour.failed(429, []), tour.nextKey(), tour.failed(429, []), tour.nextKey()]).toEqual([
      true,
      true,
      true,
      false,
    ])
  })

  it('draws keys by weight exactly', () => {
    const firsts = Array.from({ length: 10 }, (_, i) => {
      const tour = tourOf([stop('p', new Key('a', 1), new Key('b', 2), new Key('c', 7))], i / 10)
      tour.next()
      return tour.key?.name
    })
    expect(firsts.join('')).toBe('abbccccccc')
  })

  it('knows whether another deployment further on can be used', () => {
    const resting = new Key('resting')
    resting.state.failed(401, [])
    const tour = tourOf([stop('a', new Key('x'), new Key('y')), stop('b', resting), stop('c', new Key('z')), stop('d')])
    expect(tour.hasOther).toBe(true)
    tour.next()
    expect(tour.hasOther).toBe(true)
    tour.next()
    expect([tour.deployment?.provider, tour.hasOther]).toEqual(['c', false])
    expect(tour.next()).toBe(false)
  })

  it('goes to any of those ahead, and leaves the ones before it for later', () => {
    const stops = ['a', 'b', 'c'].map((name) => stop(name, new Key(name)))
    const tour = tourOf(stops)
    expect(tour.ahead()).toEqual(stops)
    expect(tour.goTo(stops[1] as TourStop<Key>)).toBe(true)
    expect([tour.deployment?.provider, tour.key?.name]).toEqual(['b', 'b'])
    expect(tour.ahead().map(({ provider }) => provider)).toEqual(['a', 'c'])
    tour.goTo(stops[2] as TourStop<Key>)
    expect(tour.ahead().map(({ provider }) => provider)).toEqual(['a'])
    stops[0]?.keys[0]?.state.failed(401, [])
    expect(tour.ahead()).toEqual([])
    expect(tour.goTo(stops[0] as TourStop<Key>)).toBe(false)
  })

  it('counts a full deployment as another one only where requests may wait', () => {
    const full = { ...stop('full', new Key('x')), capacity: { isFull: true } }
    const order = [stop('a', new Key('y')), full]
    const impatient = tourOf(order)
    const patient = new DeploymentTour<Key, TourStop<Key>>(order, () => 0, true)
    for (const tour of [impatient, patient]) tour.next()
    expect([impatient.hasOther, patient.hasOther]).toEqual([false, true])
  })

  it('ends rate-limited, with the soonest wait rounded up, only when every key is', () => {
    const [x, y, plain] = [new Key('x'), new Key('y'), new Key('plain', 1, false)]
    const tour = tourOf([stop('a', x, y), stop('b', plain)])
    tour.next()
    tour.failed(429, ['retry-after', '9.5'])
    tour.nextKey()
    tour.failed(429, ['retry-after', '20'])
    expect(tour.exhausted()).toMatchObject({ code: 'no_healthy_target', headers: ['retry-after', '10'] })
    tour.next()
    expect(tour.failed(429, ['retry-after', '30'])).toBe(false)
    expect(tour.exhausted()).toMatchObject({ code: 'rate_limited', status: 429, headers: ['retry-after', '10'] })
    y.state.failed(401, [])
    expect(tour.exhausted()).toMatchObject({ code: 'no_healthy_target', status: 503 })
  })

  it('through nothing ends at once, without a time to wait', () => {
    expect(tourOf([]).next()).toBe(false)
    expect(tourOf([]).exhausted()).toMatchObject({ code: 'no_healthy_target', headers: [] })
  })
})
