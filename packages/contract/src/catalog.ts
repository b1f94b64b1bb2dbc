import { type Static, Type } from 'typebox'
import type { JsonObject } from './json.ts'
import { CapabilitiesSchema, MODEL_CAPABILITIES, type ModelCapability } from './provider-check.ts'

/** The named phases of a policy, in the order in which an Exchange passes them. */
export const PHASES = ['match', 'identify', 'admit', 'shape', 'return', 'account'] as const
export type Phase = (typeof PHASES)[number]

/** What anyone outside the leaf may know of a policy. */
export interface PolicyDescription {
  readonly id: string
  readonly title: string
  readonly description: string
  /** JSON Schema of its settings. */
  readonly schema: JsonObject
  readonly phases: readonly Phase[]
  /** What happens when something it depends on is away: `none` when it depends on nothing. */
  readonly failure: 'open' | 'closed' | 'configurable' | 'none'
  /** True for the one policy that identifies callers where no identifying policy was configured. */
  readonly isDefaultIdentity: boolean
}

/**
 * Top-level fields of a request body that a vendor refuses or calls differently, under the names of the wire format that
 * it speaks. Where a request already holds the new name of a field, that one stays and the other is left out.
 */
export interface FieldRules {
  /** Left out, since the vendor answers requests with them by an error. */
  readonly drop?: readonly string[]
  /** New name by old one. */
  readonly rename?: Readonly<Record<string, string>>
}

/** What anyone outside the leaf may know of a vendor. */
export interface VendorDescription {
  readonly id: string
  readonly title: string
  readonly description: string
  /** The wire formats it speaks, the one to translate to first. */
  readonly dialects: readonly string[]
  /** Undefined when the operator has to give one. */
  readonly defaultBaseUrl?: string
  /** Whether requests without an API key make sense. */
  readonly needsApiKey: boolean
  /** JSON Schema of `settings`. */
  readonly schema: JsonObject
  /** Environment variable that its own SDK reads the key from. */
  readonly keyVariable?: string
  /** Request fields that it refuses or calls differently. */
  readonly fields?: FieldRules
  /** True when it tells which models a provider may call. */
  readonly listsModels?: boolean
}

/** Everything the control plane knows of leaves: descriptions, no behaviour. */
export interface CatalogDescription {
  readonly policies: readonly PolicyDescription[]
  readonly vendors: readonly VendorDescription[]
}

const UsdPerMillion = (description: string) => Type.Union([Type.Number({ minimum: 0 }), Type.Null()], { description })

/**
 * A model under a vendor of ours: one that the public price catalog knows, or one that the vendor itself lists. Prices are USD per million tokens at the smallest
 * step, to be shown and compared; what a call costs is computed from exact decimals. `null` is unknown, not zero.
 */
export const CatalogModelSchema = Type.Object({
  vendor: Type.String({ description: 'Id of the vendor.' }),
  id: Type.String({ description: "The vendor's name of the model." }),
  title: Type.String(),
  contextWindow: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()], { description: 'Tokens; null is unknown.' }),
  isDeprecated: Type.Boolean(),
  capabilities: CapabilitiesSchema,
  isFamily: Type.Boolean({ description: 'The id stands for a family of models and cannot be called as it is.' }),
  isListed: Type.Union([Type.Boolean(), Type.Null()], {
    description: 'Whether the vendor lists it to a provider of the tenant; null while no list was fetched.',
  }),
  input: UsdPerMillion('USD per million tokens of input; null is unknown.'),
  output: UsdPerMillion('USD per million tokens of output; null is unknown.'),
  cachedInput: UsdPerMillion('USD per million tokens that the vendor reads from its cache; null is unknown.'),
  cacheWrite: UsdPerMillion('USD per million tokens that the vendor writes to its cache; null is unknown.'),
})
export type CatalogModel = Readonly<Static<typeof CatalogModelSchema>>

/** Orders of the catalog's models besides its own; `-` is from the greatest to the least. */
export const MODEL_SORTS = ['input', 'output', '-contextWindow'] as const
export type ModelSort = (typeof MODEL_SORTS)[number]

/** Which models of the catalog to list; all conditions that are given must hold. */
export const CatalogModelQuerySchema = Type.Object(
  {
    tenant: Type.Optional(Type.String({ maxLength: 128, description: 'Name of the tenant; default: default.' })),
    vendor: Type.Optional(Type.String({ maxLength: 128, description: 'Id of a vendor; all vendors when left out.' })),
    provider: Type.Optional(
      Type.String({
        maxLength: 256,
        description: 'Name of a provider, for the models of its vendor and its own list.',
      }),
    ),
    capability: Type.Optional(
      Type.Unsafe<ModelCapability>({
        type: 'string',
        enum: [...MODEL_CAPABILITIES],
        description: 'Only models that are known to have it.',
      }),
    ),
    minContext: Type.Optional(Type.Integer({ minimum: 0, description: 'Least context window, tokens.' })),
    maxInput: Type.Optional(
      Type.Number({ minimum: 0, description: 'Highest price of input, USD per million tokens.' }),
    ),
    maxOutput: Type.Optional(
      Type.Number({ minimum: 0, description: 'Highest price of output, USD per million tokens.' }),
    ),
    callable: Type.Optional(
      Type.Boolean({ description: 'true leaves out what is known to be a family, deprecated, or not on the list.' }),
    ),
    sort: Type.Optional(
      Type.Unsafe<ModelSort>({
        type: 'string',
        enum: [...MODEL_SORTS],
        description: 'Unknown figures come last. Default: by vendor, then by id.',
      }),
    ),
    search: Type.Optional(
      Type.String({
        maxLength: 256,
        description: 'Words that all stand in the id, the title or the vendor, whatever their case.',
      }),
    ),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, description: 'Default 50.' })),
    cursor: Type.Optional(Type.String({ maxLength: 2048 })),
  },
  { additionalProperties: false },
)
export type CatalogModelQuery = Readonly<Static<typeof CatalogModelQuerySchema>>
