import type { GatewayOptions } from '../gateway-options.ts'
import { BatchLedger } from './batch-ledger.ts'
import type { PinnedServices } from './pinned-plan.ts'
import { PublicIds } from './public-id.ts'

/** What serves stored objects over all Plans of a gateway. */
export const createPinnedServices = (
  options: Pick<GatewayOptions, 'calls' | 'state' | 'logger' | 'node' | 'pinningKey'>,
): PinnedServices => ({ ids: new PublicIds(options.pinningKey), ledger: new BatchLedger(options) })
