import { type HeaderList, headerOf } from '@konnect/contract'
import { endpointDialectById } from '../dialects/list.ts'
import type { DialectId } from '../ports.ts'

/** What a vendor that reads a bearer token must know of a connection. */
export interface BearerConnection {
  /** Without a trailing slash. */
  readonly baseUrl: string
  readonly apiKey: string | undefined
  /** The operator's own fields, names lower-case. They go before all others of their name. */
  readonly headers: HeaderList
}

/**
 * Address and fields of a request to a vendor that follows OpenAI's conventions: the dialect's path below the base URL,
 * the key as `Authorization: Bearer` (RFC 6750). `fields` are the vendor's own, names lower-case. Throws `RangeError` for
 * a dialect whose vendors do not agree on a path.
 */
export function bearerTarget(
  { baseUrl, apiKey, headers }: BearerConnection,
  { dialect }: { readonly dialect: DialectId },
  fields: HeaderList = [],
): { readonly url: string; readonly headers: HeaderList } {
  return { url: baseUrl + dialectPath(dialect), headers: bearerHeaders({ apiKey, headers }, fields) }
}

/** The key as `Authorization: Bearer` (RFC 6750), the vendor's own `fields`, then the operator's, which stand in place of both. */
export function bearerHeaders(
  { apiKey, headers }: Pick<BearerConnection, 'apiKey' | 'headers'>,
  fields: HeaderList = [],
): HeaderList {
  const key = apiKey === undefined ? [] : ['authorization', `Bearer ${apiKey}`]
  return withOperatorFields([...key, ...fields], headers)
}

/** The path below the base URL at which vendors speak a dialect. Throws `RangeError` where they do not agree on one. */
export function dialectPath(dialect: DialectId): string {
  const path = endpointDialectById(dialect).vendorPath
  if (path === undefined) throw new RangeError(`Vendors do not agree on a path for "${dialect}"`)
  return path
}

/** A vendor's fields, then the operator's, which stand in place of the vendor's of the same name. Names lower-case. */
export function withOperatorFields(fields: HeaderList, own: HeaderList): HeaderList {
  const kept: HeaderList = []
  for (let i = 0; i < fields.length; i += 2) {
    const name = fields[i] ?? ''
    if (headerOf(own, name) === undefined) kept.push(name, fields[i + 1] ?? '')
  }
  return [...kept, ...own]
}
