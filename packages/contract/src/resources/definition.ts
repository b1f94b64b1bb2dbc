import { type TObject, type TProperties, Type } from 'typebox'
import { DURATION_PATTERN, SIZE_PATTERN } from '../units.ts'

/** Kinds of resources the control plane keeps. */
export type ResourceKind =
  | 'tenant'
  | 'api'
  | 'route'
  | 'upstream'
  | 'policy'
  | 'provider'
  | 'model'
  | 'product'
  | 'application'
  | 'key'
  | 'subscription'
  | 'budget'

/**
 * One kind of resource: everything the control API, the declarative file, the store and the console need to know of it.
 *
 * Vocabulary of annotations inside `schema`: `x-secret` (sealed at rest, never returned), `x-ref` (the value is the name
 * of a resource of that kind in the same tenant), `x-advanced` (a form folds it away), `x-values` (what each of the values
 * of an `enum` means, in a sentence).
 */
export interface ResourceDefinition {
  readonly kind: ResourceKind
  /** Path segment of the control API and field of the declarative file. */
  readonly plural: string
  readonly title: string
  readonly description: string
  /** Prefix of ids of this kind, e.g. `api` in `api_0193…`. */
  readonly idPrefix: string
  /** The kind that owns resources of this kind; in a file they stand inside their parent under `plural`. */
  readonly parent?: ResourceKind
  /** `system` resources concern the whole gateway and need a role in the default tenant. */
  readonly scope: 'tenant' | 'system'
  /** JSON Schema of one resource, children and server-kept fields left out. Always has `name` unless `nameOf` is given. */
  readonly schema: TObject
  /** Derives the name of a resource that may leave it out, from its content and its place among its siblings. */
  readonly nameOf?: (spec: Readonly<Record<string, unknown>>, index: number) => string
}

/** A closed object schema: unknown keys are errors. */
export const closed = <P extends TProperties>(properties: P, options: Record<string, unknown> = {}) =>
  Type.Object(properties, { additionalProperties: false, ...options })

/** Name of a resource: starts with a letter or digit, then also `.`, `_`, `-`; at most 128 characters. */
export const NameSchema = Type.String({
  title: 'Name',
  description: 'Unique within its tenant; cannot be changed later.',
  pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$',
})

/** A duration such as `30s`. */
export const DurationSchema = (options: Record<string, unknown> = {}) =>
  Type.String({ pattern: DURATION_PATTERN, examples: ['30s'], 'x-format': 'duration', ...options })

/** A size such as `10mb`. */
export const SizeSchema = (options: Record<string, unknown> = {}) =>
  Type.String({ pattern: SIZE_PATTERN, examples: ['10mb'], 'x-format': 'size', ...options })

/** One of several literal strings. */
export const OneOf = <const T extends readonly string[]>(values: T, options: Record<string, unknown> = {}) =>
  Type.Unsafe<T[number]>({ type: 'string', enum: [...values], ...options })

/** The name of another resource of the same tenant. */
export const RefSchema = (kind: ResourceKind, options: Record<string, unknown> = {}) =>
  Type.String({ minLength: 1, maxLength: 256, 'x-ref': kind, ...options })

/** A secret: sealed at rest, never returned. Reading yields {@link SECRET_MASK}; writing that keeps the stored value. */
export const SecretSchema = (options: Record<string, unknown> = {}) =>
  Type.String({ minLength: 1, maxLength: 8192, 'x-secret': true, ...options })

/** What a stored secret reads as. */
export const SECRET_MASK = '***'

/** A free sentence or two for people. */
export const DescriptionSchema = Type.Optional(
  Type.String({ title: 'Description', maxLength: 4000, description: 'For people; Markdown allowed.' }),
)

/** An absolute `http:` or `https:` URL. */
export const UrlSchema = (options: Record<string, unknown> = {}) =>
  Type.String({ format: 'http-url', maxLength: 2048, ...options })

/** A configured behaviour: which policy, with what settings. */
export const PolicyUseSchema = closed({
  use: Type.String({ title: 'Policy', description: 'Id of the policy, e.g. rate-limit.', minLength: 1 }),
  with: Type.Optional(Type.Record(Type.String(), Type.Unknown(), { title: 'Settings', default: {} })),
  enabled: Type.Optional(Type.Boolean({ title: 'Enabled', default: true })),
})

/** Policies in the order in which they run within their phase. */
export const PolicyListSchema = Type.Optional(
  Type.Array(PolicyUseSchema, { title: 'Policies', default: [], maxItems: 64 }),
)

/** As {@link PolicyListSchema}, where the caller is known already: policies that identify callers are refused there. */
export const LatePolicyListSchema = Type.Optional(
  Type.Array(closed(PolicyUseSchema.properties, { 'x-after-identity': true }), {
    title: 'Policies',
    default: [],
    maxItems: 64,
  }),
)
