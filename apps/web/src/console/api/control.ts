import { type ControlClient, createClient } from '@konnect/client'
import { useSearch } from '@tanstack/react-router'

const DEFAULT_TENANT_NAME = 'default'

const clients = new Map<string, ControlClient>()

/** The client of one tenant. The browser's session cookie speaks for it. */
export function controlFor(tenant: string): ControlClient {
  let client = clients.get(tenant)
  if (!client) {
    client = createClient({ baseUrl: '', tenant })
    clients.set(tenant, client)
  }
  return client
}

/** Name of the tenant that the address names. */
export function useTenant(): string {
  const search: { tenant?: string } = useSearch({ strict: false })
  return search.tenant ?? DEFAULT_TENANT_NAME
}

/** The client of the tenant that the address names. */
export const useControl = (): ControlClient => controlFor(useTenant())

/** Whether this is the tenant that needs no mention in an address. */
export const isDefaultTenant = (tenant: string): boolean => tenant === DEFAULT_TENANT_NAME
