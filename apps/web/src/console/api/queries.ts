import type { ListQuery, SpecOf } from '@konnect/client'
import type { CallFilter, CatalogModelQuery, ResourceKind } from '@konnect/contract'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useControl, useTenant } from './control.ts'

/** Who is signed in; fails with `unauthenticated` when nobody is. */
export function useSession() {
  const control = useControl()
  return useQuery({
    queryKey: ['session'],
    queryFn: ({ signal }) => control.session.get({ signal }),
    staleTime: 60_000,
  })
}

/** Policies, vendors and kinds of resources with their schemas. Changes only with the program. */
export function useCatalog() {
  const control = useControl()
  return useQuery({ queryKey: ['catalog'], queryFn: () => control.catalog.get(), staleTime: 300_000 })
}

/** A page of known models: of the price catalog, and of what vendors list to the tenant's providers. They change rarely. */
export function useCatalogModels(query: CatalogModelQuery, isEnabled = true) {
  const control = useControl()
  const tenant = useTenant()
  return useQuery({
    queryKey: ['catalog-models', tenant, query],
    queryFn: ({ signal }) => control.catalog.models(query, { signal }),
    placeholderData: keepPreviousData,
    staleTime: 300_000,
    enabled: isEnabled,
  })
}

interface ListOptions extends ListQuery {
  readonly parent?: string | undefined
  readonly isEnabled?: boolean
}

/** A page of resources of one kind. */
export function useResources<K extends keyof SpecOf & ResourceKind>(kind: K, options: ListOptions = {}) {
  const control = useControl()
  const tenant = useTenant()
  const { parent, isEnabled = true, ...query } = options
  return useQuery({
    queryKey: ['resources', tenant, kind, parent ?? null, query],
    queryFn: ({ signal }) => control.resources(kind, { parent }).list(query, { signal }),
    placeholderData: keepPreviousData,
    enabled: isEnabled,
  })
}

/** One resource by name or id. */
export function useResource<K extends keyof SpecOf & ResourceKind>(kind: K, name: string, parent?: string) {
  const control = useControl()
  const tenant = useTenant()
  return useQuery({
    queryKey: ['resource', tenant, kind, parent ?? null, name],
    queryFn: ({ signal }) => control.resources(kind, { parent }).get(name, { signal }),
  })
}

/** Resources that refer to one. */
export function useUsedBy(kind: ResourceKind, name: string) {
  const control = useControl()
  const tenant = useTenant()
  return useQuery({
    queryKey: ['used-by', tenant, kind, name],
    queryFn: ({ signal }) => control.resources(kind).usedBy(name, { signal }),
  })
}

interface CallQuery extends CallFilter {
  readonly limit?: number
  readonly cursor?: string
}

/** A page of calls, newest first. */
export function useCalls(filter: CallQuery, refetchMs?: number) {
  const control = useControl()
  const tenant = useTenant()
  return useQuery({
    queryKey: ['calls', tenant, filter],
    queryFn: ({ signal }) => control.calls.list(filter, { signal }),
    placeholderData: keepPreviousData,
    ...(refetchMs === undefined ? {} : { refetchInterval: refetchMs }),
  })
}

/** Figures over calls. `rangeMs` counts back from the moment of reading, so that a refresh moves the window along. */
export function useCallStats(
  filter: CallFilter,
  range: { readonly key: string; readonly resolve: () => { from: string; to: string } },
  buckets: number,
) {
  const control = useControl()
  const tenant = useTenant()
  return useQuery({
    queryKey: ['call-stats', tenant, filter, range.key, buckets],
    queryFn: ({ signal }) => control.calls.stats({ ...filter, ...range.resolve(), buckets }, { signal }),
    placeholderData: keepPreviousData,
    refetchInterval: 15_000,
  })
}

/** Gateway nodes as the control plane last heard of them. */
export function useGateways() {
  const control = useControl()
  return useQuery({ queryKey: ['gateways'], queryFn: () => control.gateways.list(), refetchInterval: 5_000 })
}

/** Publishes, newest first. */
export function useSnapshots(page: { readonly limit?: number; readonly cursor?: string } = {}) {
  const control = useControl()
  return useQuery({
    queryKey: ['snapshots', page],
    queryFn: () => control.snapshots.list(page),
    placeholderData: keepPreviousData,
  })
}
