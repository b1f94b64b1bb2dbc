import type { HeaderList, SecretBox, SnapshotProvider } from '@konnect/contract'
import { headerOf, parseDurationMs } from '@konnect/contract'
import type { UpstreamPool, UpstreamTimeouts } from '@konnect/http'
import type { ProviderConnection, StoredKind, Vendor } from '@konnect/sdk'
import type { CatalogIndex } from '../plan/catalog.ts'
import { followingKey } from '../plan/deployment-key.ts'
import { DEFAULT_KEY_NAME, type OpenKey, openKeys } from '../plan/key-pool.ts'
import type { PoolRegistry } from '../plan/pools.ts'
import type { RenewedKey, RenewedKeys } from '../plan/temporary-key.ts'
import { tagOf } from './public-id.ts'

/** Where one kind of object is kept; single objects are below. */
export interface StoreAddress {
  readonly pool: UpstreamPool
  readonly path: string
  /** Without the question mark. */
  readonly query: string
  readonly headers: HeaderList
}

/** A key of a provider, and what it opens. Objects belong to the key that made them. */
export interface StoreKey {
  readonly tag: string
  /** Undefined where the provider has no pool. */
  readonly name: string | undefined
  readonly weight: number
  /** Undefined for keys that are sent as they are. */
  readonly renewed: RenewedKey | undefined
  readonly addresses: ReadonlyMap<StoredKind, StoreAddress>
}

/** What a provider keeps for its clients. */
export interface ProviderStore {
  readonly tag: string
  readonly providerId: string
  readonly provider: string
  readonly vendor: string
  readonly kinds: ReadonlySet<StoredKind>
  readonly keys: readonly StoreKey[]
  /** Client fields that are passed on. */
  readonly forwards: ReadonlySet<string>
  readonly timeouts: UpstreamTimeouts
  /** Hundredths of the list price that batches cost. */
  readonly batchPercent: number
}

/** All providers by the tag of their ids, also those that keep nothing. */
export type ProviderStores = ReadonlyMap<string, ProviderStore>

interface StoresContext {
  readonly catalog: CatalogIndex
  readonly pools: PoolRegistry
  readonly secrets: SecretBox
  readonly renewedKeys: Pick<RenewedKeys, 'of'>
}

export function compileStores(providers: readonly SnapshotProvider[], context: StoresContext): ProviderStores {
  return new Map(providers.map((provider) => [tagOf(provider.id), storeOf(provider, context)]))
}

function storeOf(provider: SnapshotProvider, context: StoresContext): ProviderStore {
  const vendor = context.catalog.vendor(provider.vendor)
  const { forwardHeaders = [] } = provider
  return {
    tag: tagOf(provider.id),
    providerId: provider.id,
    provider: provider.name,
    vendor: vendor.id,
    kinds: new Set(vendor.storage?.kinds ?? []),
    keys: openKeys(provider, context.secrets).map((key) => storeKey(key, provider, context)),
    forwards: new Set([...forwardHeaders.map((name) => name.toLowerCase()), ...(vendor.forwardHeaders ?? [])]),
    timeouts: {
      connectMs: parseDurationMs(provider.connectTimeout ?? '5s'),
      headMs: parseDurationMs(provider.timeout ?? '120s'),
      idleMs: parseDurationMs(provider.idleTimeout ?? '120s'),
    },
    batchPercent: vendor.storage?.batchPercent ?? 100,
  }
}

/** A key alone has the tag that it keeps when a pool joins it. */
export const tagOfKey = (name: string | undefined): string => tagOf(name ?? DEFAULT_KEY_NAME)

function storeKey(key: OpenKey, provider: SnapshotProvider, context: StoresContext): StoreKey {
  const vendor = context.catalog.vendor(provider.vendor)
  const connection = {
    baseUrl: (provider.baseUrl ?? vendor.defaultBaseUrl ?? '').replace(/\/+$/, ''),
    apiKey: key.value,
    headers: Object.entries(provider.headers ?? {}).flatMap(([name, value]) => [name.toLowerCase(), value]),
    settings: provider.settings ?? {},
  }
  const addresses = (apiKey: string | undefined) => addressesOf(vendor, { ...connection, apiKey }, context.pools)
  const source = vendor.temporaryKeys?.(connection)
  const renewed = source && context.renewedKeys.of(provider, source)
  const facts = { tag: tagOfKey(key.name), name: key.name, weight: key.weight, renewed }
  if (renewed === undefined) return { ...facts, addresses: addresses(key.value) }
  const newest = followingKey(renewed, addresses)
  return {
    ...facts,
    get addresses() {
      return newest()
    },
  }
}

function addressesOf(
  { storage }: Vendor,
  connection: ProviderConnection,
  pools: PoolRegistry,
): ReadonlyMap<StoredKind, StoreAddress> {
  const addressOf = (kind: StoredKind): StoreAddress => {
    const { url: text, headers = [] } = storage?.target(connection, kind) ?? { url: '' }
    const url = new URL(text)
    const accepts = headerOf(headers, 'accept-encoding') === undefined ? ['accept-encoding', 'identity'] : []
    return {
      pool: pools.pool(url.origin),
      path: url.pathname,
      query: url.search.slice(1),
      headers: ['host', url.host, ...headers, ...accepts],
    }
  }
  return new Map((storage?.kinds ?? []).map((kind) => [kind, addressOf(kind)]))
}
