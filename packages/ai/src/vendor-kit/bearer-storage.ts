import type { HeaderList } from '@konnect/contract'
import { type BearerConnection, bearerHeaders } from './bearer-target.ts'

/**
 * What a vendor that follows OpenAI's conventions keeps for its clients: each kind in a collection of the same name below the
 * base URL, the key as `Authorization: Bearer` (RFC 6750).
 */
export function bearerStorage<Kind extends string>(
  kinds: readonly [Kind, ...Kind[]],
  options: { readonly batchPercent?: number } = {},
): {
  readonly kinds: readonly [Kind, ...Kind[]]
  readonly batchPercent?: number
  readonly target: (connection: BearerConnection, kind: Kind) => { readonly url: string; readonly headers: HeaderList }
} {
  return {
    kinds,
    ...options,
    target: (connection, kind) => ({ url: `${connection.baseUrl}/${kind}`, headers: bearerHeaders(connection) }),
  }
}
