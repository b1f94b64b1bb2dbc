import type { CallFilter } from '@konnect/contract'
import { rangeOf } from '../url-state/range.ts'
import type { Search } from '../url-state/search.ts'

const KINDS = ['http', 'websocket', 'ai'] as const

/** Names in the address that narrow the list, other than the time. */
export const FILTER_NAMES = ['kind', 'statusClass', 'apiId', 'applicationId', 'model', 'errorCode', 'text'] as const

/** Reads the explorer's filter from the address; what makes no sense is left out. Without a named time all calls count. */
export function callFilterOf(search: Search, nowMs: number): CallFilter {
  const kind = KINDS.find((known) => known === search.kind)
  const statusClass = /^[1-5]$/.test(search.statusClass ?? '') ? Number(search.statusClass) : undefined
  const hasTime = search.range !== undefined || (search.from !== undefined && search.to !== undefined)
  return {
    ...(hasTime ? timeOf(search, nowMs) : {}),
    ...(kind ? { kind } : {}),
    ...(statusClass === undefined ? {} : { statusClass }),
    ...textsOf(search, ['apiId', 'applicationId', 'model', 'errorCode', 'text']),
  }
}

/** A moving range leaves its end open, so that a refresh finds what came in since. */
function timeOf(search: Search, nowMs: number): CallFilter {
  const { from, to } = rangeOf(search, nowMs)
  return search.from !== undefined && search.to !== undefined ? { from, to } : { from }
}

function textsOf(search: Search, names: readonly string[]): Record<string, string> {
  const texts: Record<string, string> = {}
  for (const name of names) {
    const value = search[name]
    if (value) texts[name] = value
  }
  return texts
}

/** Whether the address narrows the list at all. */
export const isFiltered = (search: Search): boolean =>
  ['range', 'from', 'to', ...FILTER_NAMES].some((name) => search[name] !== undefined)
