import type { ModelSpec } from '@konnect/contract'

type Strategy = Pick<NonNullable<ModelSpec['strategy']>, 'mode'>

/** What the order depends on. */
export interface DeploymentChoice {
  /** Default 1. */
  readonly weight?: number
  /** Not healthy: cooling down after failures. */
  readonly health: { readonly isHealthy: boolean }
}

/**
 * The deployments of a model in the order in which a request tries them.
 *
 * - `fallback`: as configured; weights mean nothing.
 * - `weighted`: the first is drawn by weight, the others follow from the heaviest to the lightest. A weight of 0 takes
 *   no part at all.
 *
 * Those that are not healthy come after all that are; none is left out for its health. `random` returns numbers in [0, 1).
 */
export function deploymentOrder<D extends DeploymentChoice>(
  { mode }: Strategy,
  deployments: readonly D[],
  random: () => number,
): D[] {
  const eligible = mode === 'fallback' ? [...deployments] : byWeight(deployments.filter((one) => weightOf(one) > 0))
  const healthy = eligible.filter((one) => one.health.isHealthy)
  const others = eligible.filter((one) => !one.health.isHealthy)
  if (mode === 'fallback') return [...healthy, ...others]
  return healthy.length > 0 ? [...drawnFirst(healthy, random), ...others] : drawnFirst(others, random)
}

function weightOf(deployment: DeploymentChoice): number {
  return deployment.weight ?? 1
}

function byWeight<D extends DeploymentChoice>(deployments: readonly D[]): D[] {
  return [...deployments].sort((a, b) => weightOf(b) - weightOf(a))
}

function drawnFirst<D extends DeploymentChoice>(deployments: readonly D[], random: () => number): D[] {
  const total = deployments.reduce((sum, one) => sum + weightOf(one), 0)
  let left = random() * total
  const drawn = deployments.find((one) => {
    left -= weightOf(one)
    return left < 0
  })
  return drawn === undefined ? [...deployments] : [drawn, ...deployments.filter((one) => one !== drawn)]
}
