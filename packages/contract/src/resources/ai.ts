import { type Static, Type } from 'typebox'
import {
  closed,
  DescriptionSchema,
  DurationSchema,
  LatePolicyListSchema,
  NameSchema,
  OneOf,
  RefSchema,
  type ResourceDefinition,
  SecretSchema,
  UrlSchema,
} from './definition.ts'

/** One of several keys of a provider. */
export const ProviderKeySchema = closed({
  name: Type.String({
    title: 'Name',
    pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$',
    description: 'Calls say which key they used by this name.',
  }),
  value: SecretSchema({ title: 'Value', description: 'Stored encrypted; never shown again.' }),
  weight: Type.Optional(
    Type.Integer({ title: 'Weight', minimum: 1, maximum: 1000, default: 1, description: 'Share of the requests.' }),
  ),
  enabled: Type.Optional(Type.Boolean({ title: 'Enabled', default: true })),
})
export type ProviderKeySpec = Static<typeof ProviderKeySchema>

/** A connection to an AI vendor. */
export const ProviderSchema = closed({
  name: NameSchema,
  description: DescriptionSchema,
  vendor: Type.String({ title: 'Vendor', minLength: 1, description: 'Id of the vendor, e.g. openai.' }),
  baseUrl: Type.Optional(
    UrlSchema({
      title: 'Base URL',
      description: "As the vendor's own SDK writes it. The vendor's public address when left out.",
    }),
  ),
  apiKey: Type.Optional(SecretSchema({ title: 'API key', description: 'Stored encrypted; never shown again.' })),
  apiKeys: Type.Optional(
    Type.Array(ProviderKeySchema, {
      title: 'API keys',
      minItems: 1,
      maxItems: 64,
      description:
        'Requests are spread over these keys, and over the API key above as one named default. One that is refused or over its rate rests; another takes over.',
    }),
  ),
  headers: Type.Optional(
    Type.Record(Type.String(), Type.String(), {
      title: 'Headers',
      description: 'Sent with every request to this provider. Not for secrets.',
    }),
  ),
  forwardHeaders: Type.Optional(
    Type.Array(Type.String({ pattern: '^[A-Za-z0-9-]+$' }), {
      title: 'Forwarded headers',
      default: [],
      description: 'Request fields of the client that are passed on.',
    }),
  ),
  timeout: Type.Optional(
    DurationSchema({ title: 'Timeout', default: '120s', description: 'Until the response head has arrived.' }),
  ),
  idleTimeout: Type.Optional(
    DurationSchema({ title: 'Idle timeout', default: '120s', description: 'Longest silence inside a stream.' }),
  ),
  connectTimeout: Type.Optional(DurationSchema({ title: 'Connect timeout', default: '5s', 'x-advanced': true })),
  settings: Type.Optional(
    Type.Record(Type.String(), Type.Unknown(), {
      title: 'Vendor settings',
      description: 'What only this vendor needs; checked against its own schema.',
    }),
  ),
})
export type ProviderSpec = Static<typeof ProviderSchema>

/** Prices in USD per million tokens. Decimal, exact to twelve places. */
export const PriceSchema = closed({
  input: Type.Optional(Type.Number({ title: 'Input', minimum: 0 })),
  output: Type.Optional(Type.Number({ title: 'Output', minimum: 0 })),
  cachedInput: Type.Optional(
    Type.Number({ title: 'Cached input', minimum: 0, description: 'As input when left out.' }),
  ),
  cacheWrite: Type.Optional(Type.Number({ title: 'Cache write', minimum: 0, description: 'As input when left out.' })),
})
export type PriceSpec = Static<typeof PriceSchema>

/** One place where a model runs: a provider and the vendor's name of the model. */
export const DeploymentSchema = closed({
  provider: RefSchema('provider', { title: 'Provider' }),
  model: Type.String({ title: 'Upstream model', minLength: 1, maxLength: 512 }),
  weight: Type.Optional(Type.Integer({ title: 'Weight', minimum: 0, maximum: 1000, default: 1 })),
  price: Type.Optional(PriceSchema),
  firstTokenTimeout: Type.Optional(
    DurationSchema({
      title: 'First token timeout',
      'x-advanced': true,
      description:
        'A stream without content until then is given up, and the next deployment tried. No limit when left out.',
    }),
  ),
  totalTimeout: Type.Optional(
    DurationSchema({
      title: 'Total timeout',
      'x-advanced': true,
      description:
        'An answer that is not complete until then is given up; as long as nothing of it went out, the next deployment is tried. No limit when left out.',
    }),
  ),
})
export type DeploymentSpec = Static<typeof DeploymentSchema>

/** A public model name, mapped to deployments. */
export const ModelSchema = closed({
  name: Type.String({
    title: 'Name',
    pattern: '^[A-Za-z0-9][A-Za-z0-9._:/@-]{0,255}$',
    description: 'What applications send as model.',
  }),
  description: DescriptionSchema,
  state: Type.Optional(
    OneOf(['draft', 'active', 'deprecated', 'retired'], {
      title: 'State',
      default: 'active',
      description: 'Only active and deprecated models are served.',
    }),
  ),
  access: Type.Optional(
    OneOf(['subscription', 'public'], {
      title: 'Access',
      default: 'subscription',
      description: 'public lets every application of the tenant call without a subscription.',
    }),
  ),
  strategy: Type.Optional(
    closed(
      {
        mode: OneOf(['fallback', 'weighted', 'least-busy', 'lowest-latency', 'cheapest'], {
          title: 'Mode',
          default: 'fallback',
          description: 'Which deployment a request tries first. The others are its fallbacks, in that same order.',
          'x-values': {
            fallback: 'As configured.',
            weighted: 'One drawn by weight, then from the heaviest to the lightest.',
            'least-busy': 'The one with the fewest requests in flight per weight.',
            'lowest-latency':
              'The fastest lately, to its first token or whole answer. One request in twenty tries another.',
            cheapest: 'The one with the lowest price of input; unknown prices last.',
          },
        }),
        on: Type.Optional(
          Type.Array(Type.Integer({ minimum: 400, maximum: 599 }), {
            title: 'Fall back on',
            default: [401, 403, 404, 408, 409, 429, 500, 502, 503, 504, 529],
            description: 'Upstream statuses after which the next deployment is tried.',
          }),
        ),
        onContextOverflow: Type.Optional(
          Type.Boolean({
            title: 'Fall back on a context that is too long',
            default: true,
            description: 'When a vendor says so with status 400, a deployment further on may have a longer one.',
          }),
        ),
        onContentFilter: Type.Optional(
          Type.Boolean({
            title: 'Fall back on a content filter',
            default: false,
            description: 'When a vendor refuses to answer before any content came.',
          }),
        ),
        strict: Type.Optional(
          Type.Boolean({
            title: 'Strict',
            default: false,
            description: 'Refuse what the target cannot express instead of leaving it out.',
          }),
        ),
      },
      { title: 'Strategy' },
    ),
  ),
  deployments: Type.Array(DeploymentSchema, { title: 'Deployments', minItems: 1, maxItems: 64 }),
  policies: LatePolicyListSchema,
})
export type ModelSpec = Static<typeof ModelSchema>

export const providerResource: ResourceDefinition = {
  kind: 'provider',
  plural: 'providers',
  title: 'Provider',
  description: 'A connection to an AI vendor: credentials, address, limits.',
  idPrefix: 'prov',
  scope: 'tenant',
  schema: ProviderSchema,
}

export const modelResource: ResourceDefinition = {
  kind: 'model',
  plural: 'models',
  title: 'Model',
  description: 'A public name that applications call, mapped to one or more deployments.',
  idPrefix: 'mod',
  scope: 'tenant',
  schema: ModelSchema,
}
