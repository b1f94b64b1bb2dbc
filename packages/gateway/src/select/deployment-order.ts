import type { ModelSpec } from '@konnect/contract'

/** How a model chooses among its deployments. */
export type StrategyMode = NonNullable<ModelSpec['strategy']>['mode']

interface Request {
  readonly mode: StrategyMode
  /** Default false. */
  readonly isStream?: boolean
}

/** What the order depends on. */
export interface DeploymentChoice {
  /** Default 1. */
  readonly weight?: number
  /** Not healthy: cooling down after failures. */
  readonly health: { readonly isHealthy: boolean }
  readonly load: { readonly inFlight: number; latencyMs(isStream: boolean): number | undefined }
  /** USD per token of input; `undefined` when nobody knows. */
  inputPrice(): number | undefined
  /** The used part of what it can carry in a minute; `undefined` where that is not limited. */
  readonly capacity?: { readonly usedShare: number | undefined } | undefined
}

/** Share of the requests of `lowest-latency` that try another deployment than the fastest. */
const EXPLORED = 0.05

/**
 * The deployments of a model in the order in which a request tries them.
 *
 * - `fallback`: as configured.
 * - `weighted`: the first is drawn by weight, the others follow from the heaviest to the lightest.
 * - `least-busy`: by requests in flight per weight; those that are equally busy in the order of `weighted`.
 * - `lowest-latency`: by what was observed lately for requests of the same kind; those that nothing is known of come
 *   first. One request in twenty tries one of the others first, so that what has become faster is noticed.
 * - `cheapest`: by the price of input; unknown prices last, equal ones as configured.
 * - `usage-paced`: by the used part of capacity per minute; those without such a limit last, equal ones as configured.
 *
 * A weight of 0 takes no part at all in `weighted` and `least-busy`; weights mean nothing to the other modes. Deployments
 * that are not healthy come after all that are; none is left out for its health. `random` returns numbers in [0, 1).
 */
export function deploymentOrder<D extends DeploymentChoice>(
  request: Request,
  deployments: readonly D[],
  random: () => number,
): D[] {
  const usesWeights = request.mode === 'weighted' || request.mode === 'least-busy'
  const eligible = usesWeights ? byWeight(deployments.filter((one) => weightOf(one) > 0)) : [...deployments]
  const healthy = eligible.filter((one) => one.health.isHealthy)
  const others = eligible.filter((one) => !one.health.isHealthy)
  const arranged = arrange(request, healthy.length > 0 ? healthy : others, random)
  return healthy.length > 0 ? [...arranged, ...others] : arranged
}

function arrange<D extends DeploymentChoice>(
  { mode, isStream = false }: Request,
  list: D[],
  random: () => number,
): D[] {
  switch (mode) {
    case 'weighted':
      return drawnFirst(list, random)
    case 'least-busy':
      return ascending(drawnFirst(list, random), (one) => one.load.inFlight / weightOf(one))
    case 'lowest-latency':
      return explored(
        ascending(list, (one) => one.load.latencyMs(isStream) ?? 0),
        random(),
      )
    case 'cheapest':
      return ascending(list, (one) => one.inputPrice() ?? Number.POSITIVE_INFINITY)
    case 'usage-paced':
      return ascending(list, (one) => one.capacity?.usedShare ?? Number.POSITIVE_INFINITY)
    default:
      return list
  }
}

/** Sorted by a figure that is worked out once for each; equal ones keep their order. */
function ascending<D>(list: readonly D[], figureOf: (one: D) => number): D[] {
  const figures = new Map(list.map((one) => [one, figureOf(one)]))
  const compare = (a: number, b: number) => (a === b ? 0 : a - b)
  return [...list].sort((a, b) => compare(figures.get(a) ?? 0, figures.get(b) ?? 0))
}

function explored<D>(list: readonly D[], draw: number): D[] {
  if (draw >= EXPLORED || list.length < 2) return [...list]
  const at = 1 + Math.min(Math.floor((draw / EXPLORED) * (list.length - 1)), list.length - 2)
  return [...list.slice(at, at + 1), ...list.slice(0, at), ...list.slice(at + 1)]
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
