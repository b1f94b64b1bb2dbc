import { type Static, Type } from 'typebox'
import { closed, DurationSchema, OneOf } from './definition.ts'

/**
 * A place where data is processed or kept: labels from the widest to the narrowest, joined by `-`, e.g. `eu`, `eu-west`,
 * `eu-west-1`. A rule that names one covers every narrower one.
 */
export const RegionSchema = (options: Record<string, unknown> = {}) =>
  Type.String({ pattern: '^[a-z0-9]+(-[a-z0-9]+)*$', maxLength: 64, examples: ['eu', 'eu-west-1'], ...options })

/** What a vendor has agreed to do with what it is sent. What is not stated counts as not agreed. */
export const ProcessingTermsSchema = closed(
  {
    training: Type.Optional(
      OneOf(['never', 'allowed'], {
        title: 'Training',
        description: 'Whether the vendor may train models on requests and answers. Nobody knows when left out.',
      }),
    ),
    retention: Type.Optional(
      DurationSchema({ title: 'Retention', description: 'How long the vendor keeps content; 0s when not at all.' }),
    ),
  },
  { title: 'Processing terms' },
)
export type ProcessingTerms = Static<typeof ProcessingTermsSchema>

/** Where content may go. Every rule that is given must be known to hold: what nobody has stated is refused. */
export const ResidencyRulesSchema = closed(
  {
    regions: Type.Optional(
      Type.Array(RegionSchema(), {
        title: 'Regions',
        minItems: 1,
        maxItems: 64,
        description: 'Content is processed, cached and logged nowhere else.',
      }),
    ),
    noTraining: Type.Optional(
      Type.Boolean({ title: 'No training', default: false, description: 'Only vendors that do not train on content.' }),
    ),
    maxRetention: Type.Optional(
      DurationSchema({
        title: 'Longest retention',
        description: 'Only vendors that keep content no longer than this.',
      }),
    ),
  },
  { title: 'Residency' },
)
export type ResidencyRules = Static<typeof ResidencyRulesSchema>
