import { GatewayError, isJsonObject, type JsonObject } from '@konnect/contract'
import type { StoreSession } from './store-session.ts'
import { isOwned, type ObjectNames } from './stored-objects.ts'

/** Vendors have other limits; they agree on this one. */
const PAGE_SIZE = 100
/** Objects of others that one request passes over at most. */
const MAX_PAGES = 20
const DEFAULT_LIMIT = 20

/** Makes an object public; called for those of the caller only. */
export type Publish = (object: JsonObject, names: ObjectNames) => JsonObject

/**
 * The caller's objects in a collection that others share. The vendor's pages are read until there are as many of the caller's
 * as were asked for, key by key of the provider. After 2,000 objects of others the page ends early, with `has_more`.
 */
export async function listOwned(session: StoreSession, publish: Publish): Promise<JsonObject> {
  const { pin, target } = session
  const query = new URLSearchParams(session.exchange.request.query)
  const limit = limitIn(query)
  const start = Math.max(0, pin === undefined ? 0 : target.store.keys.findIndex(({ tag }) => tag === pin.key))
  const owned: JsonObject[] = []
  let pages = 0
  for (const [at, key] of target.store.keys.slice(start).entries()) {
    const names = session.namesAt(key)
    let after = at === 0 ? pin?.id : undefined
    for (let isMore = true; isMore; ) {
      if (pages++ === MAX_PAGES) return pageOf(owned, after === undefined ? undefined : names.mint('cursor', after))
      const answer = await session.ask({ key, below: '', query: queryFor(query, after) })
      const page = rowsIn(session.objectIn(answer), after)
      for (const object of page.rows) if (isOwned(object, names)) owned.push(publish(object, names))
      if (owned.length > limit) return pageOf(owned.slice(0, limit), String(owned[limit - 1]?.id))
      const last = page.rows.at(-1)?.id
      isMore = page.hasMore && typeof last === 'string'
      if (typeof last === 'string') after = last
    }
  }
  return pageOf(owned, undefined)
}

function limitIn(query: URLSearchParams): number {
  const given = query.get('limit')
  if (given === null) return DEFAULT_LIMIT
  const limit = Number(given)
  if (!Number.isInteger(limit) || limit < 1) {
    throw new GatewayError('invalid_request', { detail: '"limit" must be a positive integer.' })
  }
  return Math.min(limit, PAGE_SIZE)
}

function queryFor(given: URLSearchParams, after: string | undefined): string {
  const query = new URLSearchParams(given)
  query.delete('model')
  query.delete('after')
  query.set('limit', String(PAGE_SIZE))
  if (after !== undefined) query.set('after', after)
  return query.toString()
}

/** The objects of a page; those up to `after` are left out where a vendor gives them again. */
function rowsIn(page: JsonObject, after: string | undefined): { rows: readonly JsonObject[]; hasMore: boolean } {
  const data = Array.isArray(page.data) ? page.data.filter(isJsonObject) : []
  const seen = after === undefined ? -1 : data.findIndex(({ id }) => id === after)
  return { rows: data.slice(seen + 1), hasMore: page.has_more === true && seen === -1 }
}

const pageOf = (data: JsonObject[], next: string | undefined): JsonObject => ({
  object: 'list',
  data,
  first_id: data[0]?.id ?? null,
  last_id: next ?? data.at(-1)?.id ?? null,
  has_more: next !== undefined,
})
