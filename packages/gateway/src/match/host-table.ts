/** Things kept by host: exact names, `*.suffix` names, and one for every host. */
export interface HostTable<V> {
  readonly exact: ReadonlyMap<string, V>
  /** By suffix with its leading dot, e.g. `.example.com`. */
  readonly bySuffix: ReadonlyMap<string, V>
  readonly longestSuffix: number
  readonly any: V | undefined
}

/** A host as it is compared: lower-case, without port (RFC 3986 §3.2.3) and without the dot of a fully qualified name. */
export function normaliseHost(host: string): string {
  let end = host.length
  const colon = host.lastIndexOf(':')
  if (colon > host.lastIndexOf(']')) end = colon
  if (end > 0 && host.charCodeAt(end - 1) === DOT) end--
  return (end === host.length ? host : host.slice(0, end)).toLowerCase()
}

/** A table under construction. `at(undefined)` is the place for every host. */
export function createHostTable<V>(create: () => V): { at(host: string | undefined): V; build(): HostTable<V> } {
  const exact = new Map<string, V>()
  const bySuffix = new Map<string, V>()
  let any: V | undefined
  const inMap = (map: Map<string, V>, key: string): V => {
    const existing = map.get(key)
    if (existing !== undefined) return existing
    const created = create()
    map.set(key, created)
    return created
  }
  return {
    at(host) {
      if (host === undefined) {
        any ??= create()
        return any
      }
      const name = normaliseHost(host)
      return name.startsWith('*.') ? inMap(bySuffix, name.slice(1)) : inMap(exact, name)
    },
    build() {
      let longestSuffix = 0
      for (const suffix of bySuffix.keys()) longestSuffix = Math.max(longestSuffix, suffix.length)
      return { exact, bySuffix, longestSuffix, any }
    },
  }
}

/**
 * The first defined answer of `visit` over what is kept for `host`, most specific first: the exact name, then the
 * wildcards from the longest suffix to the shortest, then the place for every host.
 */
export function visitHosts<V, R>(table: HostTable<V>, host: string, visit: (value: V) => R | undefined): R | undefined {
  if (table.exact.size > 0 || table.longestSuffix > 0) {
    const name = normaliseHost(host)
    const exact = table.exact.get(name)
    const found = (exact === undefined ? undefined : visit(exact)) ?? visitSuffixes(table, name, visit)
    if (found !== undefined) return found
  }
  return table.any === undefined ? undefined : visit(table.any)
}

const DOT = 46

/** Skips what is longer than any configured suffix, so that a name of many labels costs no more than a short one. */
function visitSuffixes<V, R>(table: HostTable<V>, name: string, visit: (value: V) => R | undefined): R | undefined {
  if (table.longestSuffix === 0) return undefined
  let dot = name.indexOf('.', Math.max(1, name.length - table.longestSuffix))
  while (dot !== -1) {
    const value = table.bySuffix.get(name.slice(dot))
    const found = value === undefined ? undefined : visit(value)
    if (found !== undefined) return found
    dot = name.indexOf('.', dot + 1)
  }
  return undefined
}
