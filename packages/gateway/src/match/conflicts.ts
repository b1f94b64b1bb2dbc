import { type Conditions, compileConditions } from './conditions.ts'
import { normaliseHost } from './host-table.ts'
import { parsePathPattern, pathPatternKey } from './path-pattern.ts'
import { hostsOf, type RouterEntry } from './route.ts'

/** Two routes that only their order tells apart, at one place. */
export interface RouteConflict<T> {
  /** The one that gets the requests. */
  readonly winner: RouterEntry<T>
  /** The one that does not. */
  readonly loser: RouterEntry<T>
  /** Undefined: every host. */
  readonly host: string | undefined
  /** As the loser writes it. */
  readonly path: string
  /** Undefined: every method. */
  readonly methods: readonly string[] | undefined
}

interface Claim<T> {
  readonly entry: RouterEntry<T>
  readonly methods: readonly string[] | undefined
}

/**
 * Routes that can never be told apart: same host, same path but for parameter names, same header and query conditions,
 * and methods in common. Each is reported once per place, against the earliest route it collides with. For warnings at
 * publish time; the router serves such routes in their order.
 */
export function findConflicts<T>(entries: readonly RouterEntry<T>[]): RouteConflict<T>[] {
  const claims = new Map<string, Claim<T>[]>()
  const conflicts: RouteConflict<T>[] = []
  for (const entry of entries) {
    const conditions = compileConditions(entry)
    for (const { key, host, path } of placesOf(entry, conditions)) {
      const claim = { entry, methods: conditions.methods }
      const earlier = claims.get(key)
      const conflict = firstConflict(earlier ?? [], claim)
      if (conflict !== undefined) conflicts.push({ ...conflict, loser: entry, host, path })
      if (earlier === undefined) claims.set(key, [claim])
      else earlier.push(claim)
    }
  }
  return conflicts
}

function placesOf<T>(entry: RouterEntry<T>, conditions: Conditions) {
  const places = new Map<string, { key: string; host: string | undefined; path: string }>()
  for (const host of hostsOf(entry)) {
    const name = host === undefined ? undefined : normaliseHost(host)
    for (const path of entry.paths) {
      const pattern = pathPatternKey(parsePathPattern(path, entry.match ?? 'prefix'))
      const key = JSON.stringify([name ?? null, pattern, pairs(conditions.headers), pairs(conditions.query)])
      if (!places.has(key)) places.set(key, { key, host: name, path })
    }
  }
  return places.values()
}

function pairs(flat: readonly string[]): string[] {
  const result: string[] = []
  for (let i = 0; i < flat.length; i += 2) result.push(JSON.stringify([flat[i], flat[i + 1]]))
  return result.sort()
}

function firstConflict<T>(earlier: readonly Claim<T>[], { methods }: Claim<T>) {
  for (const claim of earlier) {
    if (claim.methods === undefined && methods === undefined) return { winner: claim.entry, methods }
    // One with and one without methods differ in their number of conditions, so they are told apart.
    if (claim.methods === undefined || methods === undefined) continue
    const shared = methods.filter((method) => claim.methods?.includes(method))
    if (shared.length > 0) return { winner: claim.entry, methods: shared }
  }
  return undefined
}
