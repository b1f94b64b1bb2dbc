import { type DeploymentStatus, MAX_TOLD_DEPLOYMENTS } from '@konnect/contract'
import type { TargetStatus } from '../select/upstream-state.ts'
import type { Deployment, DeploymentKey } from './ai-plan.ts'
import type { Plan } from './plan.ts'

/** How what a gateway sends requests to fares. */
export interface GatewayHealth {
  readonly targets: TargetStatus[]
  readonly deployments: DeploymentStatus[]
}

/**
 * How the deployments of a plan fare right now, each provider with an upstream model once. Where there are more than are
 * told of, those in need of attention and those in use come first. Names of keys, never values.
 */
export function reportDeployments(plan: Pick<Plan, 'models'> | undefined): DeploymentStatus[] {
  if (plan === undefined) return []
  const all = deploymentsOf(plan.models).map(statusOf)
  if (all.length <= MAX_TOLD_DEPLOYMENTS) return all
  return all.sort((a, b) => urgency(b) - urgency(a)).slice(0, MAX_TOLD_DEPLOYMENTS)
}

type Models = Plan['models']

/** A plan never changes, and a report is made every few seconds. */
const listed = new WeakMap<Models, readonly Deployment[]>()

function deploymentsOf(models: Models): readonly Deployment[] {
  const known = listed.get(models)
  if (known !== undefined) return known
  const places = new Map<string, Deployment>()
  for (const deployment of everyDeployment(models))
    places.set(`${deployment.providerId}\n${deployment.model}`, deployment)
  const all = [...places.values()]
  listed.set(models, all)
  return all
}

function* everyDeployment(models: Models): Generator<Deployment> {
  for (const named of models.values())
    for (const { versions } of named.values())
      for (const { deployments } of versions) for (const served of deployments.values()) yield* served
}

function statusOf({ providerId, model, health, load, keys }: Deployment): DeploymentStatus {
  return {
    providerId,
    model,
    isHealthy: health.isHealthy,
    coolingMs: Math.round(health.leftMs),
    inFlight: load.inFlight,
    firstTokenMs: rounded(load.latencyMs(true)),
    answerMs: rounded(load.latencyMs(false)),
    restingKeys: keys.flatMap(restOf),
  }
}

function restOf({ name, state: { cause, leftMs } }: DeploymentKey): DeploymentStatus['restingKeys'] {
  return cause === undefined ? [] : [{ name: name ?? 'default', cause, leftMs: Math.round(leftMs) }]
}

const rounded = (ms: number | undefined): number | null => (ms === undefined ? null : Math.round(ms))

const urgency = ({ isHealthy, restingKeys, inFlight }: DeploymentStatus): number =>
  (isHealthy ? 0 : 4) + (restingKeys.length > 0 ? 2 : 0) + (inFlight > 0 ? 1 : 0)
