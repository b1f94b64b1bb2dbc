import type { LiveDeployment } from '@konnect/contract'
import { useQueries, useQuery, useQueryClient } from '@tanstack/react-query'
import { useControl, useTenant } from '../api/control.ts'

const REFRESH_MS = 5_000

/** When the models of a provider were last fetched, and how many there are. */
export function useProviderModels(provider: string) {
  const control = useControl()
  const tenant = useTenant()
  return useQuery({
    queryKey: ['provider-models', tenant, provider],
    queryFn: ({ signal }) => control.vendorLink.models(provider, { signal }),
  })
}

/** Forgets what was read of the models of providers, after they were fetched anew. */
export function useForgetModels() {
  const client = useQueryClient()
  return async () => {
    await Promise.all(['provider-models', 'catalog-models'].map((key) => client.invalidateQueries({ queryKey: [key] })))
  }
}

/** How gateways find the deployments of some providers, each once; renewed every five seconds while it is looked at. */
export function useLiveDeployments(providers: readonly string[]): ReadonlyMap<string, readonly LiveDeployment[]> {
  const control = useControl()
  const tenant = useTenant()
  const names = [...new Set(providers)].sort()
  const answers = useQueries({
    queries: names.map((provider) => ({
      queryKey: ['live-deployments', tenant, provider],
      queryFn: ({ signal }: { signal: AbortSignal }) => control.gateways.deployments(provider, { signal }),
      refetchInterval: REFRESH_MS,
    })),
  })
  return new Map(names.map((name, index) => [name, answers[index]?.data?.items ?? []]))
}
