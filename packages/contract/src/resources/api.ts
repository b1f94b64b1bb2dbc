import { type Static, Type } from 'typebox'
import {
  closed,
  DescriptionSchema,
  DurationSchema,
  NameSchema,
  OneOf,
  PolicyListSchema,
  RefSchema,
  type ResourceDefinition,
  UrlSchema,
} from './definition.ts'

/** One address behind an Upstream. */
export const TargetSchema = closed({
  url: UrlSchema({ title: 'URL', description: 'Scheme, host and port; a path is put in front of the request path.' }),
  weight: Type.Optional(
    Type.Integer({ title: 'Weight', minimum: 0, maximum: 1000, default: 1, description: '0 takes no new requests.' }),
  ),
})

const ActiveHealthSchema = closed({
  path: Type.String({ title: 'Path', pattern: '^/', default: '/' }),
  interval: Type.Optional(DurationSchema({ title: 'Interval', default: '10s' })),
  timeout: Type.Optional(DurationSchema({ title: 'Timeout', default: '2s' })),
  healthyAfter: Type.Optional(Type.Integer({ title: 'Healthy after', minimum: 1, maximum: 100, default: 2 })),
  unhealthyAfter: Type.Optional(Type.Integer({ title: 'Unhealthy after', minimum: 1, maximum: 100, default: 3 })),
  statuses: Type.Optional(
    Type.Array(Type.Integer({ minimum: 100, maximum: 599 }), {
      title: 'Healthy statuses',
      description: 'Any 2xx or 3xx when left out.',
    }),
  ),
})

const PassiveHealthSchema = closed({
  failures: Type.Optional(
    Type.Integer({ title: 'Failures', minimum: 1, maximum: 1000, default: 5, description: 'In a row.' }),
  ),
  cooldown: Type.Optional(DurationSchema({ title: 'Cool-down', default: '10s' })),
})

/** Where requests go: targets, how they are chosen, and what happens when they fail. */
export const UpstreamSpecSchema = closed({
  targets: Type.Array(TargetSchema, { title: 'Targets', minItems: 1, maxItems: 256 }),
  balance: Type.Optional(OneOf(['round-robin', 'least-connections'], { title: 'Balancing', default: 'round-robin' })),
  retries: Type.Optional(
    Type.Integer({
      title: 'Retries',
      minimum: 0,
      maximum: 10,
      default: 1,
      description: 'Further attempts for requests that are safe to repeat, before the first response byte.',
    }),
  ),
  retryBudget: Type.Optional(
    Type.Number({
      title: 'Retry budget',
      minimum: 0,
      maximum: 1,
      default: 0.2,
      description: 'Retries may be at most this share of recent requests (and always ten a second).',
      'x-advanced': true,
    }),
  ),
  timeout: Type.Optional(
    DurationSchema({ title: 'Timeout', default: '60s', description: 'Until the response head has arrived.' }),
  ),
  connectTimeout: Type.Optional(DurationSchema({ title: 'Connect timeout', default: '5s', 'x-advanced': true })),
  idleTimeout: Type.Optional(
    DurationSchema({
      title: 'Idle timeout',
      default: '5m',
      description: 'Longest silence inside a response body.',
      'x-advanced': true,
    }),
  ),
  hostHeader: Type.Optional(
    OneOf(['target', 'client'], {
      title: 'Host header',
      default: 'target',
      description: 'Whose host name the upstream sees.',
      'x-advanced': true,
    }),
  ),
  health: Type.Optional(
    closed(
      { active: Type.Optional(ActiveHealthSchema), passive: Type.Optional(PassiveHealthSchema) },
      { title: 'Health' },
    ),
  ),
})
export type UpstreamSpec = Static<typeof UpstreamSpecSchema>
export type Target = Static<typeof TargetSchema>

/** What matches a request. Unset conditions match everything. */
export const RouteSchema = closed({
  name: Type.Optional(NameSchema),
  hosts: Type.Optional(
    Type.Array(Type.String({ pattern: '^(\\*\\.)?[A-Za-z0-9.-]+$', maxLength: 253 }), {
      title: 'Hosts',
      description: 'Exact names, or *.example.com for one or more labels in front.',
    }),
  ),
  paths: Type.Array(Type.String({ pattern: '^/', maxLength: 1024 }), {
    title: 'Paths',
    minItems: 1,
    description: 'Prefixes by whole segments (/orders matches /orders and /orders/7). {name} matches one segment.',
  }),
  match: Type.Optional(OneOf(['prefix', 'exact'], { title: 'Path match', default: 'prefix' })),
  methods: Type.Optional(
    Type.Array(Type.String({ pattern: '^[A-Z][A-Z-]{0,31}$' }), {
      title: 'Methods',
      description: 'All when left out.',
    }),
  ),
  headers: Type.Optional(
    Type.Record(Type.String(), Type.String(), {
      title: 'Headers',
      description: 'Fields that must be present with exactly this value; * means any value.',
    }),
  ),
  query: Type.Optional(
    Type.Record(Type.String(), Type.String(), { title: 'Query', description: 'As headers, for query parameters.' }),
  ),
  stripPath: Type.Optional(
    Type.Boolean({ title: 'Strip path', default: false, description: 'Remove the matched prefix before sending.' }),
  ),
  protocol: Type.Optional(
    OneOf(['http', 'websocket'], {
      title: 'Protocol',
      default: 'http',
      description: 'websocket also lets clients upgrade.',
    }),
  ),
  upstream: Type.Optional(
    RefSchema('upstream', { title: 'Upstream', description: 'Instead of the upstream of the API.' }),
  ),
  policies: PolicyListSchema,
})
export type RouteSpec = Static<typeof RouteSchema>

/** The unit people publish and subscribe to. */
export const ApiSchema = closed({
  name: NameSchema,
  title: Type.Optional(Type.String({ title: 'Title', maxLength: 200 })),
  description: DescriptionSchema,
  state: Type.Optional(
    OneOf(['draft', 'published', 'deprecated', 'retired'], {
      title: 'State',
      default: 'published',
      description: 'Only published and deprecated APIs are served.',
    }),
  ),
  access: Type.Optional(
    OneOf(['subscription', 'public'], {
      title: 'Access',
      default: 'subscription',
      description: 'public lets everyone call without a subscription.',
    }),
  ),
  upstream: Type.Union([RefSchema('upstream', { title: 'Named upstream' }), UpstreamSpecSchema], { title: 'Upstream' }),
  policies: PolicyListSchema,
})
export type ApiSpec = Static<typeof ApiSchema>

export const apiResource: ResourceDefinition = {
  kind: 'api',
  plural: 'apis',
  title: 'API',
  description: 'The unit people publish and subscribe to.',
  idPrefix: 'api',
  scope: 'tenant',
  schema: ApiSchema,
}

export const routeResource: ResourceDefinition = {
  kind: 'route',
  plural: 'routes',
  title: 'Route',
  description: 'What matches a request.',
  idPrefix: 'rt',
  parent: 'api',
  scope: 'tenant',
  schema: RouteSchema,
  nameOf: (_spec, index) => `route-${index + 1}`,
}

export const upstreamResource: ResourceDefinition = {
  kind: 'upstream',
  plural: 'upstreams',
  title: 'Upstream',
  description: 'A named set of targets that several APIs can share.',
  idPrefix: 'up',
  scope: 'tenant',
  schema: closed({ name: NameSchema, description: DescriptionSchema, ...UpstreamSpecSchema.properties }),
}
