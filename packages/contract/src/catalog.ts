import type { JsonObject } from './json.ts'

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
}

/** Everything the control plane knows of leaves: descriptions, no behaviour. */
export interface CatalogDescription {
  readonly policies: readonly PolicyDescription[]
  readonly vendors: readonly VendorDescription[]
}
