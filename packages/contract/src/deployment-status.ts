import { type Static, Type } from 'typebox'

/** Most deployments that one gateway tells of; more are left out. */
export const MAX_TOLD_DEPLOYMENTS = 1_000

const Milliseconds = (description: string) => Type.Union([Type.Number({ minimum: 0 }), Type.Null()], { description })

/** A key that rests, by its name. The only key of a provider without a pool is never one. */
export const RestingKeySchema = Type.Object({
  name: Type.String({ maxLength: 128 }),
  cause: Type.Unsafe<'refused' | 'limited'>({ type: 'string', enum: ['refused', 'limited'] }),
  leftMs: Type.Number({ minimum: 0, description: 'Milliseconds until it is used again.' }),
})

/** How a gateway finds a deployment: a provider with the vendor's name of a model. Holds no value of any key. */
export const DeploymentStatusSchema = Type.Object({
  providerId: Type.String({ maxLength: 256 }),
  model: Type.String({ maxLength: 512, description: "The vendor's name of the model." }),
  isHealthy: Type.Boolean({ description: 'False after failures in a row: it is tried after all others.' }),
  coolingMs: Type.Number({ minimum: 0, description: 'Milliseconds until one request tries it again.' }),
  inFlight: Type.Integer({ minimum: 0, description: 'Attempts under way.' }),
  firstTokenMs: Milliseconds('Lately, of streams; null is unknown.'),
  answerMs: Milliseconds('Lately, of whole answers; null is unknown.'),
  restingKeys: Type.Array(RestingKeySchema, { maxItems: 65 }),
})
export type DeploymentStatus = Static<typeof DeploymentStatusSchema>

/** A deployment as one gateway last told of it. */
export const LiveDeploymentSchema = Type.Object({
  ...DeploymentStatusSchema.properties,
  gateway: Type.String({ description: 'Id of the gateway.' }),
  lastSeenAt: Type.String({ description: 'ISO 8601; what is left of a rest counts from here.' }),
})
export type LiveDeployment = Readonly<Static<typeof LiveDeploymentSchema>>

/** What a gateway tells of its deployments, added up. */
export const DeploymentTotalsSchema = Type.Object({
  deployments: Type.Integer({ minimum: 0 }),
  cooling: Type.Integer({ minimum: 0, description: 'Deployments that are not healthy.' }),
  restingKeys: Type.Integer({ minimum: 0, description: 'Keys that rest for at least one model; each counts once.' }),
  inFlight: Type.Integer({ minimum: 0, description: 'Attempts under way.' }),
})
