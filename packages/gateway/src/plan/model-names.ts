import type { SnapshotModel } from '@konnect/contract'
import type { Stickiness, VersionShare } from '../select/version-choice.ts'
import type { ModelPlan } from './ai-plan.ts'

/** How the requests that name no version are shared among the versions of a model. */
export interface TrafficPlan {
  readonly shares: readonly VersionShare<ModelPlan>[]
  readonly stickyBy: Stickiness
  /** The version that is asked as well, for the percentage of requests. */
  readonly shadow: { readonly model: ModelPlan; readonly percent: number } | undefined
}

/** A model under every name that applications may send: its own, its aliases, and each of them as `name@version`. */
export function namedPlans(plan: ModelPlan, model: SnapshotModel): ReadonlyMap<string, ModelPlan> {
  const names = [model.name, ...(model.aliases ?? [])]
  if (model.versions === undefined) return new Map(names.map((name) => [name, plan]))
  const pinned = new Map(
    plan.versions.map((version): [string, ModelPlan] => [
      version.name,
      { ...plan, versions: [version], traffic: undefined, isPinned: true },
    ]),
  )
  const shared = { ...plan, traffic: trafficOf(model, pinned) }
  return new Map(
    names.flatMap((name): [string, ModelPlan][] => [
      [name, shared],
      ...[...pinned].map(([version, one]): [string, ModelPlan] => [`${name}@${version}`, one]),
    ]),
  )
}

function trafficOf({ traffic }: SnapshotModel, pinned: ReadonlyMap<string, ModelPlan>): TrafficPlan {
  const [first = ''] = pinned.keys()
  const given = traffic?.shares ?? [{ version: first, percent: 100 }]
  const { version: shadow = '', percent = 100 } = traffic?.shadow ?? {}
  const shadowed = pinned.get(shadow)
  return {
    shares: given.flatMap((share) => {
      const version = pinned.get(share.version)
      return version === undefined ? [] : [{ version, name: share.version, percent: share.percent }]
    }),
    stickyBy: traffic?.stickyBy ?? 'request',
    shadow: shadowed && { model: neverWaiting(shadowed), percent },
  }
}

/** Those who wait for a deployment with room are clients; a comparison takes what is free or fails. */
const neverWaiting = (model: ModelPlan): ModelPlan =>
  model.admission === undefined ? model : { ...model, admission: { ...model.admission, queue: undefined } }
