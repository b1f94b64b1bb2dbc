import { type Static, Type } from 'typebox'
import type { JsonObject } from './json.ts'

/** What a model may be able to do, as far as filters know. */
export const MODEL_CAPABILITIES = ['vision', 'audio', 'tools', 'reasoning', 'embeddings'] as const
export type ModelCapability = (typeof MODEL_CAPABILITIES)[number]

/** Capabilities of a model; null is unknown. */
export const CapabilitiesSchema = Type.Union(
  [
    Type.Array(Type.Unsafe<ModelCapability>({ type: 'string', enum: [...MODEL_CAPABILITIES] }), { maxItems: 16 }),
    Type.Null(),
  ],
  { description: 'What it can do, as far as that is known; null is unknown.' },
)

/** A model that a vendor itself lists. */
export interface VendorModel {
  /** The vendor's name of the model. */
  readonly id: string
  readonly title: string
  /** Tokens; null is unknown. */
  readonly contextWindow: number | null
  /** Null is unknown. */
  readonly capabilities: readonly ModelCapability[] | null
}

/** How the check of one key of a provider went. */
export const CHECK_OUTCOMES = [
  'ok',
  'reached',
  'key_refused',
  'limited',
  'model_refused',
  'unreachable',
  'wrong_api',
  'vendor_failed',
] as const
export type CheckOutcome = (typeof CHECK_OUTCOMES)[number]

export const KeyCheckSchema = Type.Object({
  key: Type.Union([Type.String(), Type.Null()], {
    description: 'Name of the key; null for the only one, or for none.',
  }),
  outcome: Type.Unsafe<CheckOutcome>({
    type: 'string',
    enum: [...CHECK_OUTCOMES],
    description:
      'ok: vendor and key answer. reached: the vendor answers, but nothing was asked that needs the key. limited: the key is over its rate or out of credit.',
  }),
  detail: Type.String({ description: 'What that means, in a sentence. Holds no secret and nothing the vendor wrote.' }),
  status: Type.Union([Type.Integer(), Type.Null()], { description: "Of the vendor's answer; null without one." }),
  latencyMs: Type.Union([Type.Number({ minimum: 0 }), Type.Null()], { description: 'Until the answer was there.' }),
  models: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()], {
    description: 'How many models the vendor lists; null when it was not asked.',
  }),
})
export type KeyCheck = Readonly<Static<typeof KeyCheckSchema>>

/** Whether a provider can be used: one entry for each enabled key. */
export const ProviderCheckSchema = Type.Object({
  at: Type.String({ description: 'ISO 8601.' }),
  isOk: Type.Boolean({ description: 'Every key that was checked can be used, as far as the check shows.' }),
  keys: Type.Array(KeyCheckSchema),
})
export type ProviderCheck = Readonly<Static<typeof ProviderCheckSchema>>

/** The models that a vendor lists to a provider, as they were last fetched. */
export const ProviderModelsSchema = Type.Object({
  at: Type.Union([Type.String(), Type.Null()], { description: 'ISO 8601; null while they were not fetched.' }),
  count: Type.Integer({ minimum: 0 }),
  isOffered: Type.Boolean({ description: 'False for a vendor that lists no models.' }),
})
export type ProviderModels = Readonly<Static<typeof ProviderModelsSchema>>

/** A provider as it is checked, with one of its keys opened. */
export interface CheckedConnection {
  /** Id of the vendor. */
  readonly vendor: string
  /** The vendor's own when undefined. */
  readonly baseUrl: string | undefined
  readonly headers: Readonly<Record<string, string>>
  readonly settings: JsonObject
  readonly apiKey: string | undefined
  /** The vendor's name of a model that may be asked for one token, where the vendor lists none. */
  readonly model: string | undefined
}

/** What came of asking a vendor. */
export interface ConnectionReport extends Omit<KeyCheck, 'key' | 'models'> {
  /** Null when it was not asked for them, or did not answer with any. */
  readonly models: readonly VendorModel[] | null
}

/** Asks a vendor whether a connection can be used. Never rejects, and puts no secret into what it says. */
export type ConnectionChecker = (connection: CheckedConnection) => Promise<ConnectionReport>
