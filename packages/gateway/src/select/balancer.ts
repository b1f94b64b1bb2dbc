import type { UpstreamSpec } from '@konnect/contract'
import type { BalancedTarget } from './balanced-target.ts'
import type { RetryBudget } from './retry-budget.ts'

export type { BalancedTarget } from './balanced-target.ts'

type Balance = NonNullable<UpstreamSpec['balance']>

/**
 * Chooses among the targets of one upstream. The same object for as long as the upstream exists.
 *
 * - `round-robin`: smooth weighted round-robin, as nginx does it. In any run of as many picks as the weights add up to,
 *   each target gets exactly its weight, spread out.
 * - `least-connections`: fewest requests in flight for its weight; ties by smooth weighted round-robin among them.
 *
 * A weight of 0 gets nothing. A target that active probes call down gets nothing. When every other target is cooling
 * down after failures, or busy with its one trial, the cool-downs are ignored and all of them share the load: what
 * clients would get instead is a sure error, and the first success ends a cool-down.
 */
export class UpstreamBalancer {
  readonly id: string
  /** Shared by all requests to this upstream. */
  readonly retryBudget: RetryBudget
  #targets: readonly BalancedTarget[] = []
  #balance: Balance = 'round-robin'
  /** What the rotation was made for. */
  #rotation = ''
  readonly #candidates: BalancedTarget[] = []

  constructor(id: string, retryBudget: RetryBudget) {
    this.id = id
    this.retryBudget = retryBudget
  }

  get targets(): readonly BalancedTarget[] {
    return this.#targets
  }

  /** Replaces the targets, whose weights are already set. The rotation starts anew only where it has changed. */
  configure(targets: readonly BalancedTarget[], balance: Balance): void {
    const rotation = targets.map(({ url, weight }) => `${weight} ${url}`).join('\n')
    if (rotation !== this.#rotation) for (const target of targets) target.rotation = 0
    this.#rotation = rotation
    this.#targets = targets
    this.#balance = balance
  }

  /**
   * The target for the next attempt; undefined when none can take it. Those in `avoid` (already tried for this request)
   * come only when no other is available, so that an upstream of one target can be retried as well.
   */
  pick(avoid?: ReadonlySet<BalancedTarget>): BalancedTarget | undefined {
    return (
      this.#choose((target) => target.isAvailable && avoid?.has(target) !== true) ??
      (avoid && this.#choose((target) => target.isAvailable)) ??
      (avoid && this.#choose((target) => target.isUp && !avoid.has(target))) ??
      this.#choose((target) => target.isUp)
    )
  }

  #choose(isEligible: (target: BalancedTarget) => boolean): BalancedTarget | undefined {
    const candidates = this.#candidates
    candidates.length = 0
    for (const target of this.#targets) if (target.weight > 0 && isEligible(target)) candidates.push(target)
    if (candidates.length < 2) return candidates[0]
    if (this.#balance === 'least-connections') keepLeastBusy(candidates)
    return nextInRotation(candidates)
  }
}

/** Compares requests per weight by cross-multiplication, so that equal shares are equal. */
function keepLeastBusy(candidates: BalancedTarget[]): void {
  let kept = 0
  for (const target of candidates) {
    const best = kept === 0 ? target : (candidates[0] ?? target)
    const difference = target.active * best.weight - best.active * target.weight
    if (difference < 0) kept = 0
    if (difference <= 0) candidates[kept++] = target
  }
  candidates.length = kept
}

function nextInRotation(candidates: readonly BalancedTarget[]): BalancedTarget | undefined {
  let total = 0
  let chosen: BalancedTarget | undefined
  for (const target of candidates) {
    total += target.weight
    target.rotation += target.weight
    if (chosen === undefined || target.rotation > chosen.rotation) chosen = target
  }
  if (chosen !== undefined) chosen.rotation -= total
  return chosen
}
