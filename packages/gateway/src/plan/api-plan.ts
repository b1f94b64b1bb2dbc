import { parseDurationMs, type SnapshotApi, type SnapshotRoute, type SnapshotUpstream } from '@konnect/contract'
import type { UpstreamPool, UpstreamTimeouts } from '@konnect/http'
import type { Place } from '@konnect/sdk'
import type { RouterEntry } from '../match/router.ts'
import type { UpstreamBalancer } from '../select/balancer.ts'
import type { UpstreamRegistry } from '../select/upstream-state.ts'
import { LayeredPipelines, type Layers } from './layers.ts'
import type { PoolRegistry } from './pools.ts'

/** Where one target's requests go. */
export interface TargetAddress {
  readonly pool: UpstreamPool
  /** Path put in front of the request path; empty or without a trailing slash. */
  readonly prefix: string
  /** Value of the Host field. */
  readonly host: string
}

/** An Upstream, ready for use. */
export interface UpstreamPlan {
  readonly balancer: UpstreamBalancer
  /** Address of a target; also of one that a later publish added while a request was on its way. */
  address(targetUrl: string): TargetAddress
  readonly timeouts: UpstreamTimeouts
  readonly retries: number
  readonly keepsClientHost: boolean
}

/** A route of an API, ready for use. */
export interface ApiRoute {
  readonly kind: 'api'
  readonly place: Place
  readonly apiId: string
  /** `open`: neither credential nor subscription. `credential`: no subscription. */
  readonly access: 'subscription' | 'credential' | 'open'
  readonly isUpgradable: boolean
  readonly stripsPath: boolean
  readonly upstream: UpstreamPlan
  readonly pipelines: LayeredPipelines
}

export interface ApiPlanContext {
  readonly registry: UpstreamRegistry
  readonly pools: PoolRegistry
}

/** Turns one route of an API into what the router holds. */
export function compileApiRoute(
  api: SnapshotApi,
  route: SnapshotRoute,
  layers: Layers,
  hasIdentity: boolean,
  context: ApiPlanContext,
): RouterEntry<ApiRoute> {
  const value: ApiRoute = {
    kind: 'api',
    place: { tenantId: api.tenantId, apiId: api.id, api: api.name, routeId: route.id, route: route.name },
    apiId: api.id,
    access: api.access === 'subscription' ? 'subscription' : hasIdentity ? 'credential' : 'open',
    isUpgradable: route.protocol === 'websocket',
    stripsPath: route.stripPath ?? false,
    upstream: compileUpstream(route.upstream ?? api.upstream, context),
    pipelines: new LayeredPipelines(layers, false),
  }
  const { hosts, paths, match, methods, headers, query } = route
  return {
    paths,
    value,
    ...(hosts === undefined ? {} : { hosts }),
    ...(match === undefined ? {} : { match }),
    ...(methods === undefined ? {} : { methods }),
    ...(headers === undefined ? {} : { headers }),
    ...(query === undefined ? {} : { query }),
  }
}

function compileUpstream(upstream: SnapshotUpstream, context: ApiPlanContext): UpstreamPlan {
  const addresses = new Map(upstream.targets.map(({ url }) => [url, addressOf(url, context.pools)]))
  return {
    balancer: context.registry.upstream(upstream.id),
    address: (url) => addresses.get(url) ?? addressOf(url, context.pools),
    timeouts: {
      connectMs: parseDurationMs(upstream.connectTimeout ?? '5s'),
      headMs: parseDurationMs(upstream.timeout ?? '60s'),
      idleMs: parseDurationMs(upstream.idleTimeout ?? '5m'),
    },
    retries: upstream.retries ?? 1,
    keepsClientHost: upstream.hostHeader === 'client',
  }
}

function addressOf(text: string, pools: PoolRegistry): TargetAddress {
  const url = new URL(text)
  return { pool: pools.pool(url.origin), prefix: url.pathname.replace(/\/+$/, ''), host: url.host }
}
