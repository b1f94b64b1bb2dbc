import { type Static, Type } from 'typebox'
import {
  closed,
  DescriptionSchema,
  DurationSchema,
  NameSchema,
  type ResourceDefinition,
  SecretSchema,
  UrlSchema,
} from './definition.ts'
import { ProcessingTermsSchema, RegionSchema } from './residency.ts'

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
  acceptVendorIds: Type.Optional(
    Type.Boolean({
      title: 'Accept ids of the vendor',
      default: false,
      'x-advanced': true,
      description:
        "Requests may name files and responses that were made outside Konnect by the vendor's own ids. Whoever knows such an id can then use it, whatever application it belongs to.",
    }),
  ),
  timeout: Type.Optional(
    DurationSchema({ title: 'Timeout', default: '120s', description: 'Until the response head has arrived.' }),
  ),
  idleTimeout: Type.Optional(
    DurationSchema({ title: 'Idle timeout', default: '120s', description: 'Longest silence inside a stream.' }),
  ),
  connectTimeout: Type.Optional(DurationSchema({ title: 'Connect timeout', default: '5s', 'x-advanced': true })),
  region: Type.Optional(
    RegionSchema({ title: 'Region', description: 'Where the vendor processes content. Nobody knows when left out.' }),
  ),
  terms: Type.Optional(ProcessingTermsSchema),
  settings: Type.Optional(
    Type.Record(Type.String(), Type.Unknown(), {
      title: 'Vendor settings',
      description: 'What only this vendor needs; checked against its own schema.',
    }),
  ),
})
export type ProviderSpec = Static<typeof ProviderSchema>

export const providerResource: ResourceDefinition = {
  kind: 'provider',
  plural: 'providers',
  title: 'Provider',
  description: 'A connection to an AI vendor: credentials, address, limits.',
  idPrefix: 'prov',
  scope: 'tenant',
  schema: ProviderSchema,
}
