import { describe, expect, it } from 'vitest'
import { createRouter, type Router, type RouterEntry, type RouterRequest } from './router.ts'

const request = (path: string, more: Partial<RouterRequest> = {}): RouterRequest => ({
  method: 'GET',
  host: 'api.example.com',
  query: '',
  headers: [],
  ...more,
  path,
})

type Draft = Omit<RouterEntry<string>, 'value'>

/** The parameters of a look-up that has to hit. */
function paramsOf<T>(router: Router<T>, path: string) {
  const found = router.find(request(path))
  if (found.kind !== 'found') throw new Error('nothing matched')
  return found.match.params
}

/** What a router over these routes, by name, finds: the name, `405 …` or `404`. */
function outcome(routes: Readonly<Record<string, Draft>>, wanted: RouterRequest): string {
  const found = createRouter(Object.entries(routes).map(([value, route]) => ({ ...route, value }))).find(wanted)
  if (found.kind === 'found') return found.match.value
  return found.kind === 'method-not-allowed' ? `405 ${found.allow.join(', ')}` : '404'
}

/** The winner, whichever of the two orders the routes come in. */
function winner(routes: Readonly<Record<string, Draft>>, wanted: RouterRequest): string {
  const forward = outcome(routes, wanted)
  expect(outcome(Object.fromEntries(Object.entries(routes).reverse()), wanted)).toBe(forward)
  return forward
}

describe('paths', () => {
  it.each([
    ['/orders', '/orders', 'a'],
    ['/orders', '/orders/', 'a'],
    ['/orders', '/orders/7', 'a'],
    ['/orders', '/ordersx', '404'],
    ['/orders', '/order', '404'],
    ['/orders', '/Orders', '404'],
    ['/orders/', '/orders', 'a'],
    ['/', '/', 'a'],
    ['/', '/anything/at/all', 'a'],
    ['/', '*', '404'],
    ['/a/{id}', '/a/7', 'a'],
    ['/a/{id}', '/a/7/b', 'a'],
    ['/a/{id}', '/a', '404'],
    ['/a/{id}', '/a/', '404'],
    ['/a/{id}/b', '/a/7/c', '404'],
    ['/a/{id}/b', '/a//b', '404'],
    ['/caf%c3%a9', '/caf%C3%A9', 'a'],
    ['/café', '/caf%C3%A9', 'a'],
    ['/%7euser', '/~user', 'a'],
    ['/a%2fb', '/a%2Fb', 'a'],
    ['/a%2fb', '/a/b', '404'],
    ['/x{id}', '/x7', '404'],
  ])('the prefix %s answers %s with %s', (path, asked, expected) => {
    expect(outcome({ a: { paths: [path] } }, request(asked))).toBe(expected)
  })

  it.each([
    ['/orders', '/orders', 'a'],
    ['/orders', '/orders/', '404'],
    ['/orders', '/orders/7', '404'],
    ['/orders/', '/orders/', 'a'],
    ['/orders/', '/orders', '404'],
    ['/', '/', 'a'],
    ['/', '/x', '404'],
    ['/{id}', '/7', 'a'],
    ['/{id}', '/7/', '404'],
  ])('the exact path %s answers %s with %s', (path, asked, expected) => {
    expect(outcome({ a: { paths: [path], match: 'exact' } }, request(asked))).toBe(expected)
  })

  it('hands out parameters as they stand in the path and the part that matched', () => {
    const router = createRouter([{ paths: ['/users/{user}/orders/{order}'], value: 1 }])
    expect(router.find(request('/users/a%2Fb/orders/7/lines'))).toEqual({
      kind: 'found',
      match: { value: 1, matchedPath: '/users/a%2Fb/orders/7', params: { user: 'a%2Fb', order: '7' } },
    })
  })

  it.each([
    ['/', '/a/b', '/a/b'],
    ['/a', '/a', '/'],
    ['/a', '/a/', '/'],
    ['/a', '/a/b', '/b'],
    ['/{x}', '/a/b', '/b'],
  ])('stripping the match of %s from %s leaves %s', (path, asked, rest) => {
    const found = createRouter([{ paths: [path], value: 1 }]).find(request(asked))
    if (found.kind !== 'found') throw new Error('nothing matched')
    expect(asked.slice(found.match.matchedPath.length) || '/').toBe(rest)
  })

  it('prefers, from the left, literal to parameter, longer to shorter, exact to prefix', () => {
    const routes = {
      root: { paths: ['/'] },
      a: { paths: ['/a'] },
      aExact: { paths: ['/a'], match: 'exact' as const },
      ab: { paths: ['/a/b'] },
      ax: { paths: ['/a/{x}'] },
      axc: { paths: ['/a/{x}/c'] },
      x: { paths: ['/{x}'] },
    }
    expect(winner(routes, request('/'))).toBe('root')
    expect(winner(routes, request('/a'))).toBe('aExact')
    expect(winner(routes, request('/a/'))).toBe('a')
    expect(winner(routes, request('/a/b/c'))).toBe('ab')
    expect(winner(routes, request('/a/z'))).toBe('ax')
    expect(winner(routes, request('/a/z/c/d'))).toBe('axc')
    expect(winner(routes, request('/z'))).toBe('x')
  })

  it('comes back from a literal that leads nowhere', () => {
    const routes = { deep: { paths: ['/a/b/c/d'] }, param: { paths: ['/a/{x}/c'] }, short: { paths: ['/a'] } }
    expect(winner(routes, request('/a/b/c/e'))).toBe('param')
    expect(winner(routes, request('/a/b/x'))).toBe('short')
  })
})

describe('hosts', () => {
  it('prefers the exact name, then the longest wildcard, then any host', () => {
    const routes = {
      any: { paths: ['/deep/path'] },
      wide: { paths: ['/'], hosts: ['*.com'] },
      narrow: { paths: ['/'], hosts: ['*.example.com'] },
      exact: { paths: ['/'], hosts: ['api.example.com'] },
    }
    expect(winner(routes, request('/deep/path'))).toBe('exact')
    expect(winner(routes, request('/deep/path', { host: 'x.y.example.com' }))).toBe('narrow')
    expect(winner(routes, request('/deep/path', { host: 'example.com' }))).toBe('wide')
    expect(winner(routes, request('/deep/path', { host: 'example.org' }))).toBe('any')
  })

  it.each(['API.Example.COM', 'api.example.com:8000', 'api.example.com.', 'api.example.com.:8000'])(
    'compares %s without case, port and final dot',
    (host) => expect(outcome({ a: { paths: ['/'], hosts: ['Api.example.com'] } }, request('/', { host }))).toBe('a'),
  )

  it.each(['', ':80', 'example.com', '.example.com', 'xexample.com', '[::1]', '[::1]:80'])(
    'a wildcard wants at least one label in front, which %j has not',
    (host) => expect(outcome({ a: { paths: ['/'], hosts: ['*.example.com'] } }, request('/', { host }))).toBe('404'),
  )

  it('falls back to less specific hosts when the path is not there', () => {
    const routes = { exact: { paths: ['/a'], hosts: ['api.example.com'] }, any: { paths: ['/b'] } }
    expect(winner(routes, request('/b'))).toBe('any')
  })
})

describe('conditions', () => {
  it('prefers the route with more conditions and falls back when they fail', () => {
    const routes = {
      none: { paths: ['/'] },
      header: { paths: ['/'], headers: { 'X-Version': '2' } },
      both: { paths: ['/'], headers: { 'x-version': '2' }, query: { beta: '*' } },
    }
    expect(winner(routes, request('/', { headers: ['x-version', '2'], query: 'beta=' }))).toBe('both')
    expect(winner(routes, request('/', { headers: ['x-version', '2'] }))).toBe('header')
    expect(winner(routes, request('/', { headers: ['x-version', '3'] }))).toBe('none')
  })

  it('prefers a particular value to any value', () => {
    const routes = { some: { paths: ['/'], headers: { v: '*' } }, two: { paths: ['/'], headers: { v: '2' } } }
    expect(winner(routes, request('/', { headers: ['v', '2'] }))).toBe('two')
    expect(winner(routes, request('/', { headers: ['v', '3'] }))).toBe('some')
  })

  it('falls back to a shorter path when conditions of the longer one fail', () => {
    const routes = { long: { paths: ['/a/b'], headers: { v: '2' } }, short: { paths: ['/a'] } }
    expect(winner(routes, request('/a/b'))).toBe('short')
  })

  it('is content with one of several fields of a name', () => {
    const routes = { a: { paths: ['/'], headers: { v: '2' } } }
    expect(outcome(routes, request('/', { headers: ['v', '1', 'v', '2'] }))).toBe('a')
  })

  it.each([
    ['a=1', 'found'],
    ['b=2&a=1', 'found'],
    ['a=2&a=1', 'found'],
    ['%61=%31', 'found'],
    ['a=%31', 'found'],
    ['a=2', '404'],
    ['ab=1', '404'],
    ['b=a=1', '404'],
    ['', '404'],
    ['a', '404'],
  ])('the query condition a=1 answers ?%s with %s', (query, expected) => {
    expect(outcome({ found: { paths: ['/'], query: { a: '1' } } }, request('/', { query }))).toBe(expected)
  })

  it('treats empty lists as no condition', () => {
    expect(outcome({ a: { paths: ['/'], hosts: [], methods: [], headers: {}, query: {} } }, request('/'))).toBe('a')
  })

  it('lets order decide among equals', () => {
    expect(outcome({ first: { paths: ['/'] }, second: { paths: ['/'] } }, request('/'))).toBe('first')
  })
})

describe('methods', () => {
  it('answers with all allowed methods, sorted, when only the method is wrong', () => {
    const routes = {
      a: { paths: ['/a'], methods: ['POST', 'GET'] },
      shorter: { paths: ['/'], methods: ['DELETE'] },
      elsewhere: { paths: ['/b'], methods: ['PATCH'] },
    }
    expect(winner(routes, request('/a', { method: 'PUT' }))).toBe('405 DELETE, GET, HEAD, POST')
  })

  it('answers 404, not 405, when headers or query fail as well', () => {
    const routes = { a: { paths: ['/'], methods: ['POST'], headers: { v: '2' } } }
    expect(outcome(routes, request('/'))).toBe('404')
    expect(outcome(routes, request('/', { headers: ['v', '2'] }))).toBe('405 POST')
  })

  it('falls back to a less specific route before it refuses the method', () => {
    const routes = { post: { paths: ['/a/b'], methods: ['POST'] }, all: { paths: ['/a'] } }
    expect(winner(routes, request('/a/b'))).toBe('all')
  })

  it('answers HEAD with a GET route unless another names HEAD', () => {
    const get = { paths: ['/'], methods: ['GET'] }
    expect(outcome({ get }, request('/', { method: 'HEAD' }))).toBe('get')
    expect(winner({ get, head: { paths: ['/'], methods: ['HEAD'] } }, request('/', { method: 'HEAD' }))).toBe('head')
    expect(outcome({ head: { paths: ['/'], methods: ['HEAD'] } }, request('/'))).toBe('405 HEAD')
  })

  it('does not remember a refused method in the next look-up', () => {
    const router = createRouter([{ paths: ['/a'], methods: ['POST'], value: 1 }])
    expect(router.find(request('/a')).kind).toBe('method-not-allowed')
    expect(router.find(request('/b')).kind).toBe('not-found')
  })
})

describe('hostile input', () => {
  const router = createRouter([
    { paths: ['/{a}/{b}/{c}/x', '/a/{b}/{c}/y', '/a/b/{c}/z'], value: 'deep' },
    { paths: ['/__proto__', '/constructor/{__proto__}'], value: 'names' },
    { paths: ['/q'], query: { ['__proto__']: '1' }, headers: { constructor: '*' }, value: 'conditions' },
  ])

  it('answers very long paths and ten thousand segments without a deep stack', () => {
    expect(router.find(request(`/${'a'.repeat(1_000_000)}`)).kind).toBe('not-found')
    expect(router.find(request('/a'.repeat(10_000))).kind).toBe('not-found')
    expect(router.find(request('/'.repeat(100_000))).kind).toBe('not-found')
    expect(router.find(request(`/a/b/c/x${'/a'.repeat(10_000)}`)).kind).toBe('found')
  })

  it('survives the longest pattern that configuration allows', () => {
    const path = '/{x}'.repeat(256)
    expect(outcome({ a: { paths: [path] } }, request('/y'.repeat(256)))).toBe('a')
    expect(outcome({ a: { paths: [path] } }, request('/y'.repeat(255)))).toBe('404')
  })

  it('takes names of built-in properties for names', () => {
    expect(router.find(request('/__proto__')).kind).toBe('found')
    expect(router.find(request('/toString')).kind).toBe('not-found')
    expect(router.find(request('/', { host: '__proto__' })).kind).toBe('not-found')
    expect(Object.entries(paramsOf(router, '/constructor/7') ?? {})).toEqual([['__proto__', '7']])
    expect(
      ['constructor', 'toString', '__proto__'].filter((name) => name in (paramsOf(router, '/x/y/z/x') ?? {})),
    ).toEqual([])
  })

  it('takes a host of many thousand labels', () => {
    const wild = createRouter([{ paths: ['/'], hosts: ['*.example.com'], value: 1 }])
    expect(wild.find(request('/', { host: 'a.'.repeat(100_000) })).kind).toBe('not-found')
    expect(wild.find(request('/', { host: `${'a.'.repeat(100_000)}example.com` })).kind).toBe('found')
  })

  it('reads a query that is not well-formed', () => {
    expect(
      router.find(request('/q', { query: '%=%&&=&__proto__=%zz&__proto__=1', headers: ['constructor', ''] })).kind,
    ).toBe('found')
    expect(router.find(request('/q', { query: '%', headers: ['constructor', ''] })).kind).toBe('not-found')
  })
})
