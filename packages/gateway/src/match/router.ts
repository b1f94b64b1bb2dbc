import { compileConditions } from './conditions.ts'
import { createHostTable, type HostTable, visitHosts } from './host-table.ts'
import { parsePathPattern } from './path-pattern.ts'
import { createPathNode, insertRoute, type PathNode, type Search, walk } from './path-tree.ts'
import { hostsOf, type Router, type RouterEntry, type RouterRequest } from './route.ts'

export type { RouteLookup, Router, RouterEntry, RouterRequest } from './route.ts'

const NOT_FOUND = Object.freeze({ kind: 'not-found' as const })

/**
 * Compiles routes. What a look-up finds depends on how specific the routes are, and on their order only among equals:
 *
 * 1. host: exact name, then `*.suffix` from the longest to the shortest, then routes for every host;
 * 2. path, segment by segment from the left: literal before `{name}`, longer before shorter, exact before prefix;
 * 3. conditions: the more methods-, header- and query conditions the earlier, then particular values before `*`;
 *    for HEAD, a route that names HEAD before one that only answers it because it answers GET;
 * 4. the order of `entries`.
 *
 * A route whose conditions fail hands over to the next one in that order, less specific paths and hosts included.
 * Without parameters a hit allocates nothing. The time of a look-up is bounded by the routes, not by the request.
 */
export function createRouter<T>(entries: readonly RouterEntry<T>[]): Router<T> {
  const hosts = compileHosts(entries)
  const search: Search = { bounds: [], isMethodMissing: false, parameters: undefined, allowed: undefined }
  const lookUp = (request: RouterRequest) =>
    visitHosts(hosts, request.host, (root) => walk(root, request, search, 0, 0))
  const allowedMethods = (request: RouterRequest): string[] => {
    search.allowed = new Set()
    lookUp(request)
    if (search.allowed.has('GET')) search.allowed.add('HEAD')
    return [...search.allowed].sort()
  }
  return {
    find(request) {
      search.isMethodMissing = false
      search.parameters = undefined
      search.allowed = undefined
      const found = lookUp(request)
      if (found !== undefined) return found
      return search.isMethodMissing ? { kind: 'method-not-allowed', allow: allowedMethods(request) } : NOT_FOUND
    },
  }
}

function compileHosts<T>(entries: readonly RouterEntry<T>[]): HostTable<PathNode<T>> {
  const table = createHostTable(() => createPathNode<T>())
  for (const entry of entries) {
    const conditions = compileConditions(entry)
    const patterns = entry.paths.map((path) => parsePathPattern(path, entry.match ?? 'prefix'))
    for (const host of hostsOf(entry)) {
      for (const pattern of patterns) insertRoute(table.at(host), pattern, conditions, entry.value)
    }
  }
  return table.build()
}
