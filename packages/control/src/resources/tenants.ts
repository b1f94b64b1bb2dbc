import { DEFAULT_TENANT, GatewayError, type Store } from '@konnect/contract'
import { Type } from 'typebox'

/** Query parameter that every tenant-scoped route takes. */
export const TenantQuery = {
  tenant: Type.Optional(Type.String({ maxLength: 128, description: 'Name of the tenant; default: default.' })),
}

/** Id of the tenant that a request names. Throws `resource_not_found`. */
export async function tenantIdOf(store: Store, name: string | undefined): Promise<string> {
  if (name === undefined || name === DEFAULT_TENANT) return DEFAULT_TENANT
  const tenant = await store.asTenant(DEFAULT_TENANT, (tx) => tx.resources.findByName('tenant', name))
  if (!tenant) throw new GatewayError('resource_not_found', { detail: `There is no tenant "${name}".` })
  return tenant.id
}
