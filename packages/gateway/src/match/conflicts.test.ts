import { describe, expect, it } from 'vitest'
import { findConflicts } from './conflicts.ts'
import type { RouterEntry } from './route.ts'

type Draft = Omit<RouterEntry<string>, 'value'>

const conflictsOf = (routes: Readonly<Record<string, Draft>>) =>
  findConflicts(Object.entries(routes).map(([value, route]) => ({ ...route, value }))).map(
    ({ winner, loser, host, path, methods }) =>
      `${winner.value} > ${loser.value} ${host ?? '*'} ${path} ${methods ?? 'all'}`,
  )

describe('findConflicts', () => {
  it('finds routes of the same host, path and conditions, in their order', () => {
    expect(conflictsOf({ a: { paths: ['/x'] }, b: { paths: ['/y', '/x'] } })).toEqual(['a > b * /x all'])
    const conditions = { headers: { V: '1' }, query: { a: '1', b: '2' }, methods: ['GET'] }
    const same = { headers: { v: '1' }, query: { b: '2', a: '1' }, methods: ['GET'] }
    expect(conflictsOf({ a: { paths: ['/x'], ...conditions }, b: { paths: ['/x'], ...same } })).toEqual([
      'a > b * /x GET',
    ])
  })

  it.each([
    ['names of parameters', { paths: ['/x/{a}'] }, { paths: ['/x/{b}'] }],
    ['a slash at the end of a prefix', { paths: ['/x'] }, { paths: ['/x/'] }],
    ['ways to write a character', { paths: ['/caf%c3%a9'] }, { paths: ['/café'] }],
    ['case and final dot of a host', { paths: ['/x'], hosts: ['A.test'] }, { paths: ['/x'], hosts: ['a.test.'] }],
    ['empty conditions', { paths: ['/x'], methods: [], hosts: [] }, { paths: ['/x'] }],
    ['some of the methods', { paths: ['/x'], methods: ['GET', 'PUT'] }, { paths: ['/x'], methods: ['PUT'] }],
    ['one of the hosts', { paths: ['/x'], hosts: ['a.test', 'b.test'] }, { paths: ['/x'], hosts: ['b.test'] }],
  ])('is not misled by %s', (_, a, b) => {
    expect(conflictsOf({ a, b })).toHaveLength(1)
  })

  it.each([
    ['path', { paths: ['/x'] }, { paths: ['/y'] }],
    ['length', { paths: ['/x'] }, { paths: ['/x/y'] }],
    ['kind of segment', { paths: ['/x/y'] }, { paths: ['/x/{a}'] }],
    ['exactness', { paths: ['/x'] }, { paths: ['/x'], match: 'exact' as const }],
    ['exact slash at the end', { paths: ['/x'], match: 'exact' as const }, { paths: ['/x/'], match: 'exact' as const }],
    ['host', { paths: ['/x'], hosts: ['a.test'] }, { paths: ['/x'] }],
    ['wildcard', { paths: ['/x'], hosts: ['a.test'] }, { paths: ['/x'], hosts: ['*.a.test'] }],
    ['method', { paths: ['/x'], methods: ['GET'] }, { paths: ['/x'], methods: ['HEAD', 'POST'] }],
    ['having methods', { paths: ['/x'], methods: ['GET'] }, { paths: ['/x'] }],
    ['header', { paths: ['/x'], headers: { v: '1' } }, { paths: ['/x'], headers: { v: '2' } }],
    ['query', { paths: ['/x'], query: { v: '1' } }, { paths: ['/x'] }],
    ['place of a condition', { paths: ['/x'], query: { v: '1' } }, { paths: ['/x'], headers: { v: '1' } }],
  ])('lets routes be that differ in %s', (_, a, b) => {
    expect(conflictsOf({ a, b })).toEqual([])
  })

  it('does not hold a route against itself', () => {
    expect(conflictsOf({ a: { paths: ['/x', '/x/', '/x'], hosts: ['a.test', 'A.test'] } })).toEqual([])
  })

  it('names the earliest winner and each place once', () => {
    const route = { paths: ['/x', '/y'] }
    expect(conflictsOf({ a: route, b: route, c: route })).toEqual([
      'a > b * /x all',
      'a > b * /y all',
      'a > c * /x all',
      'a > c * /y all',
    ])
  })

  it('looks at ten thousand routes of one path in passing', () => {
    const entries = Array.from({ length: 10_000 }, (_, i) => ({ paths: ['/x'], value: String(i) }))
    expect(findConflicts(entries)).toHaveLength(9_999)
  })
})
