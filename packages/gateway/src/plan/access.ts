import type { SnapshotApplication } from '@konnect/contract'
import type { PolicyHandlers } from '@konnect/sdk'
import type { Priority } from '../select/waiting-line.ts'
import type { PolicyCompiler } from './policy-compiler.ts'

/** The right of one application to one API or model, with the policies of its plan. */
export interface Grant {
  readonly subscriptionId: string
  readonly policies: readonly PolicyHandlers[]
}

/** What one application may use, and the policies it brings along. */
export interface ApplicationAccess {
  readonly apis: ReadonlyMap<string, Grant>
  readonly models: ReadonlyMap<string, Grant>
  readonly policies: readonly PolicyHandlers[]
  /** Where its requests wait for a model. */
  readonly priority: Priority
  /** When each of its keys expires, by id: Unix time in milliseconds, or infinity. */
  readonly keys: ReadonlyMap<string, number>
}

/**
 * Resolves subscriptions by application id. Where several give the same right, the first one counts: direct
 * subscriptions come before those through a product, otherwise the order of configuration holds.
 */
export function compileAccess(
  applications: readonly SnapshotApplication[],
  compiler: PolicyCompiler,
): ReadonlyMap<string, ApplicationAccess> {
  return new Map(applications.map((application) => [application.id, accessOf(application, compiler)]))
}

function accessOf(application: SnapshotApplication, compiler: PolicyCompiler): ApplicationAccess {
  const apis = new Map<string, Grant>()
  const models = new Map<string, Grant>()
  const directFirst = [...application.subscriptions].sort((a, b) => a.policies.length - b.policies.length)
  for (const subscription of directFirst) {
    const grant = {
      subscriptionId: subscription.id,
      policies: compiler.compileAll(subscription.policies, { kind: 'plan', id: subscription.id }),
    }
    for (const id of subscription.apiIds) if (!apis.has(id)) apis.set(id, grant)
    for (const id of subscription.modelIds) if (!models.has(id)) models.set(id, grant)
  }
  return {
    apis,
    models,
    policies: compiler.compileAll(application.policies, { kind: 'application', id: application.id }),
    priority: application.priority ?? 'normal',
    keys: new Map(application.keys.map(({ id, expiresAt }) => [id, expiryOf(expiresAt)])),
  }
}

const expiryOf = (at: string | undefined): number => (at === undefined ? Number.POSITIVE_INFINITY : Date.parse(at))
