import {
  compileResidency,
  GatewayError,
  type Residency,
  type ResidencyRules,
  type SnapshotModel,
  type SnapshotTenant,
} from '@konnect/contract'

/** The answer where the rules leave no place at all. `objections` are for the operator. */
export const residencyUnmet = (residency: Residency, objections: readonly string[]): GatewayError =>
  new GatewayError('residency_unmet', { reason: `Rules: ${residency.proof}. ${objections.join('; ')}` })

/** The rules of a Snapshot, by what they are for. */
export class ResidencyContext {
  readonly #tenants: ReadonlyMap<string, ResidencyRules | undefined>
  readonly #region: string | undefined

  /** `region`: where this installation keeps what it records; `undefined` when that is not stated. */
  constructor(tenants: readonly SnapshotTenant[], region: string | undefined) {
    this.#tenants = new Map(tenants.map(({ id, residency }) => [id, residency]))
    this.#region = region
  }

  /** The rules for a model: its tenant's and its own. */
  of({ tenantId, residency }: SnapshotModel): Residency | undefined {
    return compileResidency(this.#tenants.get(tenantId), residency)
  }

  /** Whether content under these rules may be recorded by this installation. */
  isKeptHere(residency: Residency | undefined): boolean {
    return residency?.allowsRegion(this.#region) ?? true
  }

  /** Whether content of a tenant, of whatever API, may be recorded by this installation. */
  keepsContentOf(tenantId: string): boolean {
    return this.isKeptHere(compileResidency(this.#tenants.get(tenantId)))
  }
}
