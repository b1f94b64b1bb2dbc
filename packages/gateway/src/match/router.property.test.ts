import fc from 'fast-check'
import findMyWay, { type HTTPMethod } from 'find-my-way'
import { describe, expect, it } from 'vitest'
import { createRouter, type RouteLookup, type RouterEntry, type RouterRequest } from './router.ts'

const METHODS = ['GET', 'POST', 'PUT'] as const
const HOSTS = ['a.test', 'b.a.test', '*.a.test', '*.test', '*.b.a.test'] as const
const SEGMENTS = ['a', 'b', 'ab', 'abc', 'a.b', '%2F', '{x}'] as const
const NONE = { query: '', headers: [] }

const patternPath = fc
  .array(fc.constantFrom(...SEGMENTS), { maxLength: 4 })
  .map((segments) => `/${segments.map((segment, i) => (segment === '{x}' ? `{p${i}}` : segment)).join('/')}`)
const requestPath = fc
  .tuple(
    fc.array(fc.constantFrom('a', 'b', 'ab', 'abc', 'a.b', '%2F', 'zz'), { maxLength: 5 }),
    fc.constantFrom('', '', '/'),
  )
  .map(([segments, end]) => `/${segments.join('/')}${segments.length > 0 ? end : ''}`)

/** What both routers can be asked: the name of the route and its parameters, or why there is none. */
type Answer = { readonly route: string; readonly params: object } | '404' | '405'

function answerOf(lookup: RouteLookup<string>): Answer {
  if (lookup.kind === 'found') return { route: lookup.match.value, params: { ...lookup.match.params } }
  return lookup.kind === 'not-found' ? '404' : '405'
}

describe('beside find-my-way', () => {
  const routes = fc.uniqueArray(fc.record({ path: patternPath, method: fc.constantFrom(...METHODS) }), {
    maxLength: 25,
    selector: ({ path, method }) => `${method} ${path}`,
  })

  it.each(['exact', 'prefix'] as const)('finds the same routes and parameters among %s paths', (match) => {
    fc.assert(
      fc.property(routes, fc.array(requestPath, { minLength: 1, maxLength: 20 }), (drafts, paths) => {
        const router = createRouter(
          drafts.map(({ path, method }) => ({ paths: [path], methods: [method], match, value: `${method} ${path}` })),
        )
        const oracle = oracleOver(drafts, match)
        for (const path of paths) {
          for (const method of METHODS) {
            const found = router.find({ method, host: 'any.test', path, ...NONE })
            expect({ method, path, answer: answerOf(found) }).toEqual({ method, path, answer: oracle(method, path) })
          }
        }
      }),
      { numRuns: 400 },
    )
  })
})

/** A prefix is, to find-my-way, the path itself and a wildcard below it. */
function oracleOver(drafts: readonly { path: string; method: HTTPMethod }[], match: 'exact' | 'prefix') {
  const oracle = findMyWay()
  const value = (route: string) => () => route
  for (const { path, method } of drafts) {
    // Without an expression, its parameters would match empty segments.
    const pattern = path.replaceAll(/\{(\w+)\}/g, ':$1(^.+$)')
    const handler = value(`${method} ${path}`)
    if (match === 'exact' || path !== '/') oracle.on(method, pattern, handler)
    if (match === 'prefix') oracle.on(method, path === '/' ? '/*' : `${pattern}/*`, handler)
  }
  const find = (method: HTTPMethod, path: string) => oracle.find(method, path)
  return (method: HTTPMethod, path: string): Answer => {
    // It decodes parameters; ours stay as they are in the path.
    const found = find(method, path.replaceAll('%', '%25'))
    if (found === null)
      return METHODS.some((other) => find(other, path.replaceAll('%', '%25')) !== null) ? '405' : '404'
    const { '*': _, ...params } = found.params
    const handler = found.handler as unknown as () => string
    return { route: handler(), params }
  }
}

describe('beside a search through every route', () => {
  const subset = <T>(values: readonly T[]) => fc.option(fc.subarray([...values]), { nil: undefined })
  const wanted = (name: string) =>
    fc.option(fc.dictionary(fc.constantFrom(name, `${name}2`), fc.constantFrom('1', '2', '*'), { maxKeys: 2 }), {
      nil: undefined,
    })
  const entry = fc
    .record({
      hosts: subset(HOSTS),
      paths: fc.array(
        fc.tuple(patternPath, fc.constantFrom('', '', '/')).map((parts) => parts.join('')),
        {
          minLength: 1,
          maxLength: 3,
        },
      ),
      match: fc.constantFrom('prefix', 'exact', undefined),
      methods: subset(['GET', 'POST', 'HEAD']),
      headers: wanted('h'),
      query: wanted('q'),
    })
    .map(
      (draft) =>
        Object.fromEntries(Object.entries(draft).filter(([, value]) => value !== undefined)) as unknown as Draft,
    )
  const fields = (name: string) =>
    fc.array(fc.tuple(fc.constantFrom(name, `${name}2`), fc.constantFrom('1', '2', '3')), { maxLength: 2 })
  const request: fc.Arbitrary<RouterRequest> = fc.record({
    method: fc.constantFrom('GET', 'HEAD', 'POST', 'DELETE'),
    host: fc.constantFrom('a.test', 'A.test:80', 'b.a.test.', 'c.b.a.test', 'x.test', 'other', ''),
    path: requestPath,
    headers: fields('h').map((pairs) => pairs.flat()),
    query: fields('q').map((pairs) => pairs.map((pair) => pair.join('=')).join('&')),
  })

  it('finds the same route, matched part, parameters and allowed methods', () => {
    fc.assert(
      fc.property(
        fc.array(entry, { maxLength: 20 }),
        fc.array(request, { minLength: 1, maxLength: 10 }),
        (drafts, requests) => {
          const entries = drafts.map((draft, value) => ({ ...draft, value }))
          const router = createRouter(entries)
          for (const one of requests)
            expect({ one, found: plain(router.find(one)) }).toEqual({ one, found: search(entries, one) })
        },
      ),
      { numRuns: 1_000 },
    )
  })
})

type Draft = Omit<RouterEntry<number>, 'value'>

function plain(lookup: RouteLookup<number>) {
  if (lookup.kind !== 'found') return lookup
  const { value, matchedPath, params } = lookup.match
  return { value, matchedPath, params: { ...params } }
}

interface Candidate {
  readonly entry: RouterEntry<number>
  readonly hostRank: number
  readonly segments: readonly string[]
  readonly matchedPath: string
}

/** The rules once more, the slow way: try everything, sort what matches, take the first. */
function search(entries: readonly RouterEntry<number>[], request: RouterRequest) {
  const matching = entries
    .flatMap((entry) => candidatesOf(entry, request))
    .filter(({ entry }) => fieldsHold(entry, request))
    .sort((a, b) => compare(a, b, request))
  const first = matching.find(({ entry }) => accepts(entry, request.method))
  if (first !== undefined) {
    const actual = request.path.slice(1).split('/')
    const params = first.segments.flatMap((segment, i) =>
      segment[0] === '{' ? [[segment.slice(1, -1), actual[i]]] : [],
    )
    return { value: first.entry.value, matchedPath: first.matchedPath, params: Object.fromEntries(params) }
  }
  if (matching.length === 0) return { kind: 'not-found' }
  const methods = new Set(matching.flatMap(({ entry }) => entry.methods ?? []))
  if (methods.has('GET')) methods.add('HEAD')
  return { kind: 'method-not-allowed', allow: [...methods].sort() }
}

function candidatesOf(entry: RouterEntry<number>, { host, path }: RouterRequest): Candidate[] {
  const name = host.toLowerCase().split(':')[0]?.replace(/\.$/, '') ?? ''
  const isAnyHost = (entry.hosts ?? []).length === 0
  const ranks = (entry.hosts ?? []).flatMap((wanted) => {
    if (wanted === name) return [1_000]
    return wanted.startsWith('*') && name.endsWith(wanted.slice(1)) && name.length >= wanted.length
      ? [wanted.length]
      : []
  })
  return (isAnyHost ? [0] : ranks).flatMap((hostRank) =>
    entry.paths.flatMap((pattern) => {
      const isExact = entry.match === 'exact'
      const text = isExact ? pattern : pattern.replace(/\/+$/, '')
      const segments = text === '' ? [] : text.slice(1).split('/')
      const source = segments
        .map((segment) => `/${segment[0] === '{' ? '[^/]+' : segment.replaceAll('.', '\\.')}`)
        .join('')
      const found = new RegExp(`^(${source})${isExact ? '$' : '(?:/|$)'}`).exec(path)
      return found === null ? [] : [{ entry, hostRank, segments, matchedPath: found[1] ?? '' }]
    }),
  )
}

function fieldsHold({ headers = {}, query = {} }: RouterEntry<number>, request: RouterRequest): boolean {
  const sent = request.headers.flatMap((name, i) => (i % 2 === 0 ? [[name, request.headers[i + 1]]] : []))
  const asked = request.query.split('&').map((pair) => pair.split('='))
  const holds = (wanted: Readonly<Record<string, string>>, got: (string | undefined)[][]) =>
    Object.entries(wanted).every(([name, value]) =>
      got.some((pair) => pair[0] === name && (value === '*' || pair[1] === value)),
    )
  return holds(headers, sent) && holds(query, asked)
}

function accepts({ methods = [] }: RouterEntry<number>, method: string): boolean {
  return methods.length === 0 || methods.includes(method) || (method === 'HEAD' && methods.includes('GET'))
}

function compare(a: Candidate, b: Candidate, { method }: RouterRequest): number {
  const isExact = ({ entry }: Candidate) => Number(entry.match === 'exact')
  const fields = ({ entry }: Candidate) => Object.values({ ...entry.headers, ...entry.query })
  const methods = ({ entry }: Candidate) => entry.methods ?? []
  const count = (one: Candidate) => fields(one).length + Math.min(1, methods(one).length)
  const values = (one: Candidate) => fields(one).filter((value) => value !== '*').length
  const namesHead = (one: Candidate) => Number(method === 'HEAD' && methods(one).includes('HEAD'))
  return (
    b.hostRank - a.hostRank ||
    compareSegments(a.segments, b.segments) ||
    isExact(b) - isExact(a) ||
    count(b) - count(a) ||
    values(b) - values(a) ||
    namesHead(b) - namesHead(a) ||
    a.entry.value - b.entry.value
  )
}

function compareSegments(a: readonly string[], b: readonly string[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const difference = Number(a[i]?.startsWith('{')) - Number(b[i]?.startsWith('{'))
    if (difference !== 0) return difference
  }
  return b.length - a.length
}
