import { GatewayError } from '@konnect/contract'
import type { BatchLedger } from './batch-ledger.ts'
import type { Pin, PinKind, PublicIds } from './public-id.ts'
import type { ProviderStore, ProviderStores, StoreKey } from './stores.ts'

/** What outlives one Plan of what serves stored objects. */
export interface PinnedServices {
  readonly ids: PublicIds
  readonly ledger: BatchLedger
}

/** What a Plan knows of stored objects. */
export interface PinnedPlan extends PinnedServices {
  readonly stores: ProviderStores
}

/** A provider, and the key of it that an object belongs to. */
export interface StorePlace {
  readonly store: ProviderStore
  readonly key: StoreKey
}

export const FILE_KINDS: readonly PinKind[] = ['file', 'batch-input', 'batch-output']

/** Where an object is kept. Throws `provider_removed` when provider or key are there no longer. */
export function placeOf({ stores }: Pick<PinnedPlan, 'stores'>, pin: Pin): StorePlace {
  const store = stores.get(pin.provider)
  if (store === undefined) throw new GatewayError('provider_removed')
  const key = store.keys.find(({ tag }) => tag === pin.key)
  if (key === undefined) {
    throw new GatewayError('provider_removed', { reason: `The provider ${store.provider} has lost the key of this id` })
  }
  return { store, key }
}

const NOUNS: Readonly<Record<PinKind, string>> = {
  file: 'file',
  'batch-input': 'file',
  'batch-output': 'file',
  batch: 'batch',
  response: 'response',
  'message-batch': 'message batch',
  cursor: 'object',
}

/** The same for an id of somebody else, a forged one and one that never was: whether it exists is not told. */
export const noSuch = (kind: PinKind, id: string): GatewayError =>
  new GatewayError('resource_not_found', { detail: `There is no ${NOUNS[kind]} "${id.slice(0, 256)}".` })
