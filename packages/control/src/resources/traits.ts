import { createHash } from 'node:crypto'
import type { FieldFault, JsonObject, ResourceKind } from '@konnect/contract'
import { createToken } from './ids.ts'
import { objectsUnder } from './kinds.ts'
import type { ResourceTree, StoredResource } from './tree.ts'

/** Where a change comes from: a person or program at the API, or a declarative file. */
export type Origin = 'api' | 'file'

/** What a trait may look at. */
export interface TraitContext {
  readonly origin: Origin
  readonly tree: ResourceTree
  readonly tenantId: string
  /** The resource as it is stored, when it exists. */
  readonly stored: StoredResource | undefined
}

/** What became of a spec. */
export interface Prepared {
  readonly spec: JsonObject
  readonly faults: readonly FieldFault[]
  /** Shown in the answer to this one write and kept nowhere. */
  readonly once?: JsonObject
}

/** What a kind of resource does with a spec before it is stored, beyond what its schema says. */
const TRAITS: Partial<Record<ResourceKind, (spec: JsonObject, context: TraitContext) => Prepared>> = {
  key: prepareKey,
  subscription: prepareSubscription,
}

/** Applies the trait of `kind`, if it has one. */
export function applyTrait(kind: ResourceKind, spec: JsonObject, context: TraitContext): Prepared {
  return TRAITS[kind]?.(spec, context) ?? { spec, faults: [] }
}

/** Lower-case hex SHA-256. */
export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

/** Form in which the hash of a key is written in a spec. */
export const keyHash = (value: string): string => `sha256:${sha256(value)}`

function prepareKey({ value, ...spec }: JsonObject, context: TraitContext): Prepared {
  if (typeof value === 'string') return keyOfValue(spec, value)
  const stored = context.stored?.spec
  if (typeof spec.hash === 'string') {
    const hint = spec.hint ?? (stored?.hash === spec.hash ? stored.hint : undefined) ?? '????'
    return { spec: { ...spec, hint }, faults: [] }
  }
  if (stored)
    return { spec: { ...spec, hash: stored.hash ?? '', hint: spec.hint ?? stored.hint ?? '????' }, faults: [] }
  if (context.origin === 'api') return keyOfValue(spec, createToken('kn_live_'))
  const message = 'Missing "value" or "hash"; a key that a file made up could not be shown to anyone.'
  return { spec, faults: [{ path: '', message }] }
}

const keyOfValue = (spec: JsonObject, value: string): Prepared => ({
  spec: { ...spec, hash: keyHash(value), hint: value.slice(-4) },
  faults: [],
  once: { value },
})

// The author of a declarative file is the operator, whose word is the approval.
function prepareSubscription(spec: JsonObject, context: TraitContext): Prepared {
  if (spec.state !== undefined || context.origin === 'file' || context.stored) return { spec, faults: [] }
  const product = context.tree.find(context.tenantId, 'product', null, String(spec.product))
  const plan = product && objectsUnder(product.spec, 'plans').find((one) => one.name === spec.plan)
  return { spec: plan?.approval === 'required' ? { ...spec, state: 'pending' } : spec, faults: [] }
}
