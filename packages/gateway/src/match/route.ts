import type { HeaderList } from '@konnect/contract'
import type { ConditionSpec } from './conditions.ts'

/** One route, as `RouteSchema` of the contract describes it. Conditions that are left out or empty match everything. */
export interface RouterEntry<T> extends ConditionSpec {
  /** Exact names, or `*.example.com` for one or more labels in front. */
  readonly hosts?: readonly string[]
  /** `{name}` stands for one whole, non-empty segment. */
  readonly paths: readonly string[]
  /** Default `prefix`: by whole segments. */
  readonly match?: 'prefix' | 'exact'
  readonly value: T
}

/** The part of a request that routes look at. */
export interface RouterRequest {
  readonly method: string
  /** As in the Host field; port, case and a dot at the end are ignored. */
  readonly host: string
  /** Normalised (RFC 3986 §6.2.2), without the query. Case counts. */
  readonly path: string
  /** Without the question mark. */
  readonly query: string
  readonly headers: HeaderList
}

export interface RouteMatch<T> {
  readonly value: T
  /**
   * The part of the request path that the pattern stands for, parameters filled in; empty for the prefix `/`.
   * `path.slice(matchedPath.length) || '/'` is the path with the prefix stripped.
   */
  readonly matchedPath: string
  /** Values as they stand in the path, still percent-encoded. Undefined where the pattern has none. Inherits nothing. */
  readonly params: Readonly<Record<string, string>> | undefined
}

export interface RouteFound<T> {
  readonly kind: 'found'
  readonly match: RouteMatch<T>
}

export type RouteLookup<T> =
  | RouteFound<T>
  /** Host, path, headers and query match a route, the method none. `allow` is sorted, for the Allow field. */
  | { readonly kind: 'method-not-allowed'; readonly allow: readonly string[] }
  | { readonly kind: 'not-found' }

export interface Router<T> {
  find(request: RouterRequest): RouteLookup<T>
}

/** The configured hosts; one undefined stands for every host. */
export function hostsOf(entry: { readonly hosts?: readonly string[] }): readonly (string | undefined)[] {
  return entry.hosts === undefined || entry.hosts.length === 0 ? [undefined] : entry.hosts
}
