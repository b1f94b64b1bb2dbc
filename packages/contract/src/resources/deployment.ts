import { type Static, Type } from 'typebox'
import { closed, DurationSchema, RefSchema } from './definition.ts'
import { RegionSchema } from './residency.ts'

/** Prices in USD per million tokens. Decimal, exact to twelve places. */
export const PriceSchema = closed({
  input: Type.Optional(Type.Number({ title: 'Input', minimum: 0 })),
  output: Type.Optional(Type.Number({ title: 'Output', minimum: 0 })),
  cachedInput: Type.Optional(
    Type.Number({ title: 'Cached input', minimum: 0, description: 'As input when left out.' }),
  ),
  cacheWrite: Type.Optional(Type.Number({ title: 'Cache write', minimum: 0, description: 'As input when left out.' })),
  inputAudio: Type.Optional(Type.Number({ title: 'Audio input', minimum: 0, description: 'As input when left out.' })),
  cachedInputAudio: Type.Optional(
    Type.Number({ title: 'Cached audio input', minimum: 0, description: 'As audio input when left out.' }),
  ),
  outputAudio: Type.Optional(
    Type.Number({ title: 'Audio output', minimum: 0, description: 'As output when left out.' }),
  ),
})
export type PriceSpec = Static<typeof PriceSchema>

/** Which requests a deployment takes. All conditions that are given must hold. */
export const DeploymentConditionsSchema = closed(
  {
    names: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 256 }), {
        title: 'Names',
        minItems: 1,
        maxItems: 64,
        description: 'The model was asked for by one of these names: its own, an alias, or name@version.',
      }),
    ),
    applications: Type.Optional(
      Type.Array(RefSchema('application'), {
        title: 'Applications',
        minItems: 1,
        maxItems: 1000,
        description: 'One of these calls.',
      }),
    ),
    minInputTokens: Type.Optional(
      Type.Integer({ title: 'Input tokens from', minimum: 0, description: 'Estimated: four bytes of text a token.' }),
    ),
    maxInputTokens: Type.Optional(
      Type.Integer({ title: 'Input tokens to', minimum: 0, description: 'Estimated: four bytes of text a token.' }),
    ),
    tools: Type.Optional(Type.Boolean({ title: 'Tools', description: 'The request offers tools, or offers none.' })),
    stream: Type.Optional(Type.Boolean({ title: 'Stream', description: 'The request wants a stream, or does not.' })),
    headers: Type.Optional(
      Type.Record(Type.String({ pattern: '^[A-Za-z0-9-]+$' }), Type.String({ maxLength: 1024 }), {
        title: 'Headers',
        description: 'Each of these fields is there with exactly this value.',
      }),
    ),
  },
  { title: 'Conditions', description: 'Requests that do not fit go to the other deployments.' },
)
export type DeploymentConditions = Static<typeof DeploymentConditionsSchema>

/** What a deployment can carry. */
export const DeploymentCapacitySchema = closed(
  {
    concurrent: Type.Optional(
      Type.Integer({ title: 'At once', minimum: 1, maximum: 100_000, description: 'Requests under way at a time.' }),
    ),
    requestsPerMinute: Type.Optional(Type.Integer({ title: 'Requests per minute', minimum: 1 })),
    tokensPerMinute: Type.Optional(
      Type.Integer({ title: 'Tokens per minute', minimum: 1, description: 'Input and output together.' }),
    ),
  },
  { title: 'Capacity', description: 'A deployment that is full is passed over.' },
)
export type DeploymentCapacity = Static<typeof DeploymentCapacitySchema>

/** One place where a model runs: a provider and the vendor's name of the model. */
export const DeploymentSchema = closed({
  provider: RefSchema('provider', { title: 'Provider' }),
  model: Type.String({ title: 'Upstream model', minLength: 1, maxLength: 512 }),
  weight: Type.Optional(Type.Integer({ title: 'Weight', minimum: 0, maximum: 1000, default: 1 })),
  price: Type.Optional(PriceSchema),
  region: Type.Optional(
    RegionSchema({
      title: 'Region',
      description: "Where this deployment processes content. The provider's when left out.",
    }),
  ),
  when: Type.Optional(DeploymentConditionsSchema),
  capacity: Type.Optional(DeploymentCapacitySchema),
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
