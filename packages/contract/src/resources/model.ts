import { type Static, Type } from 'typebox'
import {
  closed,
  DescriptionSchema,
  DurationSchema,
  LatePolicyListSchema,
  OneOf,
  RefSchema,
  type ResourceDefinition,
} from './definition.ts'
import { DeploymentSchema } from './deployment.ts'
import { ResidencyRulesSchema } from './residency.ts'

const PUBLIC_NAME = '^[A-Za-z0-9][A-Za-z0-9._:/@-]{0,255}$'
const VERSION_NAME = '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$'

const DeploymentsSchema = Type.Array(DeploymentSchema, { title: 'Deployments', minItems: 1, maxItems: 64 })

/** One state of a model over time. Applications may ask for it as `name@version`. */
export const ModelVersionSchema = closed({
  name: Type.String({ title: 'Version', pattern: VERSION_NAME, examples: ['v2'] }),
  description: DescriptionSchema,
  deployments: DeploymentsSchema,
})
export type ModelVersionSpec = Static<typeof ModelVersionSchema>

const TrafficSharesSchema = (options: Record<string, unknown>) =>
  Type.Array(
    closed({
      version: Type.String({ title: 'Version', pattern: VERSION_NAME }),
      percent: Type.Integer({ title: 'Percent', minimum: 0, maximum: 100 }),
    }),
    { minItems: 1, maxItems: 16, ...options },
  )

/** Which version answers requests that name none. */
export const ModelTrafficSchema = closed(
  {
    shares: TrafficSharesSchema({ title: 'Shares', description: 'Percentages that add up to 100.' }),
    stickyBy: Type.Optional(
      OneOf(['request', 'application', 'user'], {
        title: 'Sticky by',
        default: 'request',
        description: 'What keeps getting the same version as long as the shares stay.',
        'x-values': {
          request: 'Nothing: every request is drawn by itself.',
          application: 'An application.',
          user: 'The user that the request names, or else the application.',
        },
      }),
    ),
    shadow: Type.Optional(
      closed(
        {
          version: Type.String({ title: 'Version', pattern: VERSION_NAME }),
          percent: Type.Optional(Type.Integer({ title: 'Percent', minimum: 1, maximum: 100, default: 100 })),
        },
        {
          title: 'Shadow',
          description: 'This version is asked as well. Its answers are kept for comparison and never returned.',
        },
      ),
    ),
    previous: Type.Optional(
      TrafficSharesSchema({
        title: 'Previous shares',
        'x-advanced': true,
        description: 'What a rollback restores. Promoting a version fills it in.',
      }),
    ),
  },
  { title: 'Traffic', description: 'The first version gets every request when left out.' },
)
export type ModelTrafficSpec = Static<typeof ModelTrafficSchema>

/** A public model name, mapped to deployments. */
export const ModelSchema = closed(
  {
    name: Type.String({
      title: 'Name',
      pattern: PUBLIC_NAME,
      description: 'What applications send as model.',
    }),
    aliases: Type.Optional(
      Type.Array(Type.String({ pattern: PUBLIC_NAME }), {
        title: 'Aliases',
        maxItems: 64,
        description: 'Further names that applications may send.',
      }),
    ),
    description: DescriptionSchema,
    state: Type.Optional(
      OneOf(['draft', 'active', 'deprecated', 'retired'], {
        title: 'State',
        default: 'active',
        description: 'Only active and deprecated models are served.',
        'x-values': {
          draft: 'Not served yet; callers are told that there is no such model.',
          active: 'Served.',
          deprecated: 'Served until its sunset. Answers carry Deprecation, Sunset and a link to the replacement.',
          retired: 'Not served any more; callers are told so, and what to use instead.',
        },
      }),
    ),
    deprecation: Type.Optional(
      closed(
        {
          since: Type.Optional(
            Type.String({
              title: 'Since',
              format: 'date-time',
              description: 'Since when the model has been deprecated. Default: the publish that callers are served by.',
            }),
          ),
          sunset: Type.Optional(
            Type.String({ title: 'Sunset', format: 'date-time', description: 'When the model stops answering.' }),
          ),
          replacement: Type.Optional(RefSchema('model', { title: 'Replacement', description: 'What to use instead.' })),
        },
        { title: 'Deprecation', description: 'Told to callers of a deprecated model.' },
      ),
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
          mode: OneOf(['fallback', 'weighted', 'least-busy', 'lowest-latency', 'cheapest', 'usage-paced'], {
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
              'usage-paced': 'The one that has used the smallest part of its capacity per minute.',
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
          queue: Type.Optional(
            closed(
              {
                length: Type.Optional(
                  Type.Integer({
                    title: 'Length',
                    minimum: 1,
                    maximum: 100_000,
                    default: 100,
                    description: 'Requests that may wait.',
                  }),
                ),
                timeout: Type.Optional(
                  DurationSchema({ title: 'Timeout', default: '30s', description: 'Longest wait.' }),
                ),
              },
              {
                title: 'Queue',
                description:
                  'Requests wait here while every deployment is full, those of applications with a higher priority first. They are refused at once when left out.',
              },
            ),
          ),
        },
        { title: 'Strategy' },
      ),
    ),
    deployments: Type.Optional(DeploymentsSchema),
    versions: Type.Optional(
      Type.Array(ModelVersionSchema, {
        title: 'Versions',
        minItems: 1,
        maxItems: 16,
        description: 'Instead of deployments: several states of the model, among which traffic is shared.',
      }),
    ),
    traffic: Type.Optional(ModelTrafficSchema),
    residency: Type.Optional(ResidencyRulesSchema),
    policies: LatePolicyListSchema,
  },
  { oneOf: [{ required: ['deployments'] }, { required: ['versions'] }] },
)
export type ModelSpec = Static<typeof ModelSchema>

export const modelResource: ResourceDefinition = {
  kind: 'model',
  plural: 'models',
  title: 'Model',
  description: 'A public name that applications call, mapped to one or more deployments.',
  idPrefix: 'mod',
  scope: 'tenant',
  schema: ModelSchema,
}
