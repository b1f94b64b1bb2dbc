import { GatewayError, type Page } from '@konnect/contract'

const DEFAULT_LIMIT = 50
const MAX_LIMIT = 1_000

/** Entries a page holds: the wish, within 1 and 1,000; 50 without a wish. */
export function pageSize(limit: number | undefined): number {
  if (limit === undefined || !Number.isFinite(limit)) return DEFAULT_LIMIT
  return Math.min(MAX_LIMIT, Math.max(1, Math.trunc(limit)))
}

/** The place of a row in an ordered list: the value it is ordered by, and its id for those that share one. */
export interface Place {
  readonly value: string
  readonly id: string
}

/** `order` names the list's order, so that a cursor of another order is refused instead of skipping rows. */
export function encodeCursor(order: string, place: Place): string {
  return Buffer.from(JSON.stringify([order, place.value, place.id])).toString('base64url')
}

/** Throws GatewayError `validation_failed` for anything that {@link encodeCursor} did not make for this order. */
export function decodeCursor(order: string, cursor: string): Place {
  const [of, value, id] = partsOf(cursor)
  if (of !== order || typeof value !== 'string' || typeof id !== 'string') {
    const errors = [{ path: '/cursor', message: 'is not a cursor of this list; start again without one' }]
    throw new GatewayError('validation_failed', { errors })
  }
  return { value, id }
}

function partsOf(cursor: string): readonly unknown[] {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    return Array.isArray(parsed) ? parsed : []
  } catch {
    return []
  }
}

/** Makes a page of `limit` rows from up to `limit + 1`; the extra one only tells that there are more. */
export function pageOf<T>(rows: readonly T[], limit: number, cursorOf: (last: T) => string): Page<T> {
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  return { items, nextCursor: rows.length > limit && last !== undefined ? cursorOf(last) : null }
}
