import { type Static, Type } from 'typebox'
import {
  closed,
  DescriptionSchema,
  LatePolicyListSchema,
  NameSchema,
  OneOf,
  RefSchema,
  type ResourceDefinition,
} from './definition.ts'

/** A consumer of APIs and models. */
export const ApplicationSchema = closed({
  name: NameSchema,
  title: Type.Optional(Type.String({ title: 'Title', maxLength: 200 })),
  description: DescriptionSchema,
  enabled: Type.Optional(
    Type.Boolean({ title: 'Enabled', default: true, description: 'Off: every credential of it is refused.' }),
  ),
  claims: Type.Optional(
    Type.Record(Type.String(), Type.String(), {
      title: 'Token claims',
      description: 'A verified token with exactly these claims acts as this application.',
    }),
  ),
  priority: Type.Optional(
    OneOf(['high', 'normal', 'low'], {
      title: 'Priority',
      default: 'normal',
      description: 'Who goes first where requests wait for a model.',
    }),
  ),
  policies: LatePolicyListSchema,
})
export type ApplicationSpec = Static<typeof ApplicationSchema>

/** An API key. Its value is shown once; only the SHA-256 of it is kept. */
export const KeySchema = closed({
  name: Type.Optional(NameSchema),
  value: Type.Optional(
    Type.String({
      title: 'Value',
      minLength: 16,
      maxLength: 256,
      pattern: '^[\\x21-\\x7e]+$',
      description: 'Generated when left out.',
      'x-once': true,
    }),
  ),
  hash: Type.Optional(
    Type.String({
      title: 'Hash',
      pattern: '^sha256:[0-9a-f]{64}$',
      description: 'Instead of the value, when only its hash is known.',
    }),
  ),
  hint: Type.Optional(
    Type.String({ title: 'Hint', maxLength: 16, description: 'Last characters, to tell keys apart.' }),
  ),
  enabled: Type.Optional(Type.Boolean({ title: 'Enabled', default: true })),
  expiresAt: Type.Optional(Type.String({ title: 'Expires', format: 'date-time' })),
})
export type KeySpec = Static<typeof KeySchema>

/** The right of an application to an API, a model, or a product under a plan. */
export const SubscriptionSchema = closed(
  {
    name: Type.Optional(NameSchema),
    api: Type.Optional(RefSchema('api', { title: 'API' })),
    model: Type.Optional(RefSchema('model', { title: 'Model' })),
    product: Type.Optional(RefSchema('product', { title: 'Product' })),
    plan: Type.Optional(Type.String({ title: 'Plan', description: 'Of the product.' })),
    state: Type.Optional(
      OneOf(['pending', 'active', 'suspended', 'ended', 'rejected'], {
        title: 'State',
        default: 'active',
        description: 'Only active subscriptions give access.',
      }),
    ),
  },
  {
    oneOf: [{ required: ['api'] }, { required: ['model'] }, { required: ['product', 'plan'] }],
  },
)
export type SubscriptionSpec = Static<typeof SubscriptionSchema>

const PlanSchema = closed({
  name: NameSchema,
  description: DescriptionSchema,
  approval: Type.Optional(OneOf(['automatic', 'required'], { title: 'Approval', default: 'automatic' })),
  policies: LatePolicyListSchema,
})

/** A bundle of APIs and models with its plans. */
export const ProductSchema = closed({
  name: NameSchema,
  title: Type.Optional(Type.String({ title: 'Title', maxLength: 200 })),
  description: DescriptionSchema,
  apis: Type.Optional(Type.Array(RefSchema('api'), { title: 'APIs', default: [] })),
  models: Type.Optional(Type.Array(RefSchema('model'), { title: 'Models', default: [] })),
  plans: Type.Array(PlanSchema, { title: 'Plans', minItems: 1, maxItems: 64 }),
})
export type ProductSpec = Static<typeof ProductSchema>

/** Money or tokens per period. */
export const BudgetSchema = closed(
  {
    name: NameSchema,
    application: Type.Optional(RefSchema('application', { title: 'Application' })),
    model: Type.Optional(RefSchema('model', { title: 'Model' })),
    usd: Type.Optional(Type.Number({ title: 'USD', exclusiveMinimum: 0 })),
    tokens: Type.Optional(Type.Integer({ title: 'Tokens', minimum: 1 })),
    per: OneOf(['hour', 'day', 'week', 'month', 'total'], { title: 'Per' }),
    onExceeded: Type.Optional(OneOf(['reject', 'notify'], { title: 'When exceeded', default: 'reject' })),
  },
  { oneOf: [{ required: ['usd'] }, { required: ['tokens'] }] },
)
export type BudgetSpec = Static<typeof BudgetSchema>

export const applicationResource: ResourceDefinition = {
  kind: 'application',
  plural: 'applications',
  title: 'Application',
  description: 'A consumer. Holds credentials and subscriptions.',
  idPrefix: 'app',
  scope: 'tenant',
  schema: ApplicationSchema,
}

export const keyResource: ResourceDefinition = {
  kind: 'key',
  plural: 'keys',
  title: 'Key',
  description: 'An API key of an application.',
  idPrefix: 'key',
  parent: 'application',
  scope: 'tenant',
  schema: KeySchema,
  nameOf: (_spec, index) => `key-${index + 1}`,
}

export const subscriptionResource: ResourceDefinition = {
  kind: 'subscription',
  plural: 'subscriptions',
  title: 'Subscription',
  description: 'The right of an application to an API, a model or a product.',
  idPrefix: 'sub',
  parent: 'application',
  scope: 'tenant',
  schema: SubscriptionSchema,
  nameOf: (spec) =>
    (spec.api !== undefined
      ? `api-${spec.api}`
      : spec.model !== undefined
        ? `model-${spec.model}`
        : `product-${spec.product}`
    ).replace(/[^A-Za-z0-9._-]/g, '-'),
}

export const productResource: ResourceDefinition = {
  kind: 'product',
  plural: 'products',
  title: 'Product',
  description: 'A bundle of APIs and models with its plans.',
  idPrefix: 'prod',
  scope: 'tenant',
  schema: ProductSchema,
}

export const budgetResource: ResourceDefinition = {
  kind: 'budget',
  plural: 'budgets',
  title: 'Budget',
  description: 'Money or tokens per period.',
  idPrefix: 'bud',
  scope: 'tenant',
  schema: BudgetSchema,
}
