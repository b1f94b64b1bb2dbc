import {
  GatewayError,
  type JsonFetcher,
  type Logger,
  type SecretBox,
  type SnapshotPolicy,
  type StateStore,
} from '@konnect/contract'
import type { CredentialDirectory, Policy, PolicyHandlers, PolicyScope } from '@konnect/sdk'
import type { CatalogIndex } from './catalog.ts'

/** What every policy of every Snapshot may use. */
export interface PolicyServices {
  readonly state: StateStore
  readonly fetchJson: JsonFetcher
  readonly logger: Logger
  readonly now: () => number
  readonly secrets: SecretBox
}

/** Values that policies share over publishes. Those that no policy of the newest Snapshot asked for are forgotten. */
export class SharedValues {
  #values = new Map<string, unknown>()
  #asked = new Set<string>()

  get<T>(key: string, create: () => T): T {
    this.#asked.add(key)
    if (!this.#values.has(key)) this.#values.set(key, create())
    return this.#values.get(key) as T
  }

  startPublish(): void {
    this.#asked = new Set()
  }

  endPublish(): void {
    for (const key of this.#values.keys()) if (!this.#asked.has(key)) this.#values.delete(key)
  }
}

/** Compiles attachments of policies for one Snapshot. */
export class PolicyCompiler {
  readonly #catalog: CatalogIndex
  readonly #services: PolicyServices
  readonly #directory: CredentialDirectory
  readonly #shared: SharedValues

  constructor(catalog: CatalogIndex, services: PolicyServices, directory: CredentialDirectory, shared: SharedValues) {
    this.#catalog = catalog
    this.#services = services
    this.#directory = directory
    this.#shared = shared
  }

  /** The handlers of every policy attached at `scope`, in configured order. */
  compileAll(uses: readonly SnapshotPolicy[], scope: PolicyScope): PolicyHandlers[] {
    const seen = new Map<string, number>()
    return uses.map((use) => {
      const nth = (seen.get(use.use) ?? 0) + 1
      seen.set(use.use, nth)
      return this.compile(this.#catalog.policy(use.use), use.with, scope, nth)
    })
  }

  compileDefaultIdentity(): PolicyHandlers {
    return this.compile(this.#catalog.defaultIdentity, {}, { kind: 'gateway', id: 'default' }, 0)
  }

  private compile(policy: Policy, settings: object, scope: PolicyScope, nth: number): PolicyHandlers {
    const { secrets, ...services } = this.#services
    try {
      return policy.compile(openSecrets(settings, secrets) as never, {
        ...services,
        scope,
        stateKey: `${scope.kind}:${scope.id}:${policy.id}:${nth}`,
        directory: this.#directory,
        shared: (key, create) => this.#shared.get(`${policy.id}:${key}`, create),
      })
    } catch (error) {
      if (error instanceof GatewayError) throw error
      throw new GatewayError('snapshot_invalid', {
        reason: `Policy ${policy.id} of ${scope.kind} ${scope.id}`,
        cause: error,
      })
    }
  }
}

function openSecrets(value: unknown, secrets: SecretBox): unknown {
  if (typeof value === 'string') return secrets.isSealed(value) ? secrets.open(value) : value
  if (Array.isArray(value)) return value.map((item) => openSecrets(item, secrets))
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, openSecrets(inner, secrets)]))
  }
  return value
}
