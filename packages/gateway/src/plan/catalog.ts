import { GatewayError } from '@konnect/contract'
import type { Policy, Vendor } from '@konnect/sdk'

/** The leaves a gateway runs with. */
export interface GatewayCatalog {
  readonly policies: readonly Policy[]
  readonly vendors: readonly Vendor[]
}

/** Finds leaves by id; an unknown id is a `snapshot_invalid`. */
export class CatalogIndex {
  readonly #policies: ReadonlyMap<string, Policy>
  readonly #vendors: ReadonlyMap<string, Vendor>
  /** Identifies callers where nobody said how. */
  readonly defaultIdentity: Policy

  constructor(catalog: GatewayCatalog) {
    this.#policies = new Map(catalog.policies.map((policy) => [policy.id, policy]))
    this.#vendors = new Map(catalog.vendors.map((vendor) => [vendor.id, vendor]))
    const [identity, ...others] = catalog.policies.filter((policy) => policy.isDefaultIdentity)
    if (identity === undefined || others.length > 0)
      throw new Error('A catalog needs exactly one default identity policy')
    this.defaultIdentity = identity
  }

  policy(id: string): Policy {
    return this.#policies.get(id) ?? unknown('policy', id)
  }

  vendor(id: string): Vendor {
    return this.#vendors.get(id) ?? unknown('vendor', id)
  }
}

function unknown(kind: string, id: string): never {
  throw new GatewayError('snapshot_invalid', { detail: `This gateway does not know the ${kind} "${id}".` })
}
