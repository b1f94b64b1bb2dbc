import type { PolicyHandlers } from '@konnect/sdk'
import { buildPipeline, type Pipeline } from './pipeline.ts'

/** Policies by the level they are attached at. */
export interface Layers {
  readonly gateway: readonly PolicyHandlers[]
  readonly tenant: readonly PolicyHandlers[]
  /** API, then route; or model. */
  readonly target: readonly PolicyHandlers[]
}

/**
 * The pipelines of one route. The early one serves until the caller is known; then the one of the caller's plan and
 * application takes over, built once for each pair.
 */
export class LayeredPipelines {
  readonly early: Pipeline
  readonly #layers: Layers
  readonly #late = new Map<string, Pipeline>()
  readonly #isTargetLate: boolean

  /** `isTargetLate`: tenant and target are known only after the caller (AI endpoints). */
  constructor(layers: Layers, isTargetLate: boolean) {
    this.#layers = layers
    this.#isTargetLate = isTargetLate
    this.early = buildPipeline([...layers.gateway, ...layers.tenant, ...layers.target])
  }

  /** The pipeline for a caller with these further policies. `key` names the pair of plan and application. */
  for(key: string, plan: readonly PolicyHandlers[], application: readonly PolicyHandlers[]): Pipeline {
    if (plan.length === 0 && application.length === 0 && !this.#isTargetLate) return this.early
    let pipeline = this.#late.get(key)
    if (pipeline === undefined) {
      const { gateway, tenant, target } = this.#layers
      const late = this.#isTargetLate ? admitting : same
      pipeline = buildPipeline([
        ...gateway,
        ...tenant.map(late),
        ...plan.map(admitting),
        ...target.map(late),
        ...application.map(admitting),
      ])
      this.#late.set(key, pipeline)
    }
    return pipeline
  }
}

const same = (policy: PolicyHandlers): PolicyHandlers => policy

/** The match phase is over when these are found, so what they would have done there they do on admission. */
function admitting(policy: PolicyHandlers): PolicyHandlers {
  const { match, identify: _tooLate, admit, ...others } = policy
  if (match === undefined) return { ...others, ...(admit === undefined ? {} : { admit: admit.bind(policy) }) }
  return {
    ...others,
    admit(exchange) {
      const waiting = match.call(policy, exchange)
      if (waiting !== undefined) return waiting.then(() => admit?.call(policy, exchange))
      return admit?.call(policy, exchange)
    },
  }
}
