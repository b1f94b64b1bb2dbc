import type { HeaderList } from '@konnect/contract'

/** What a request must fulfil besides host and path, compiled. */
export interface Conditions {
  /** As configured; undefined accepts every method. */
  readonly methods: readonly string[] | undefined
  /** Flat pairs of lower-case name and value; `*` accepts any value. */
  readonly headers: readonly string[]
  /** Flat pairs of decoded name and value; `*` accepts any value. */
  readonly query: readonly string[]
}

/** The configured form of {@link Conditions}. */
export interface ConditionSpec {
  readonly methods?: readonly string[]
  readonly headers?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, string>>
}

/** Compiles conditions. Empty ones are no condition. */
export function compileConditions(spec: ConditionSpec): Conditions {
  return {
    methods: spec.methods === undefined || spec.methods.length === 0 ? undefined : [...spec.methods],
    headers: Object.entries(spec.headers ?? {}).flatMap(([name, value]) => [name.toLowerCase(), value]),
    query: Object.entries(spec.query ?? {}).flat(),
  }
}

/** Negative when `a` asks for more than `b`: more conditions first, then more conditions on a particular value. */
export function compareConditions(a: Conditions, b: Conditions): number {
  return conditionCount(b) - conditionCount(a) || valueCount(b) - valueCount(a)
}

/** Whether a route with these methods answers `method`. A GET route answers HEAD too (RFC 9110 §9.3.2). */
export function acceptsMethod(methods: readonly string[] | undefined, method: string): boolean {
  return methods === undefined || methods.includes(method) || (method === 'HEAD' && methods.includes('GET'))
}

/** Whether every wanted field is there; one of several fields of a name is enough. */
export function headersHold(wanted: readonly string[], headers: HeaderList): boolean {
  for (let i = 0; i < wanted.length; i += 2) {
    if (!hasField(headers, wanted[i] as string, wanted[i + 1] as string)) return false
  }
  return true
}

/** Whether every wanted query parameter is there; one of several of a name is enough. */
export function queryHolds(wanted: readonly string[], parameters: URLSearchParams): boolean {
  for (let i = 0; i < wanted.length; i += 2) {
    const name = wanted[i] as string
    const value = wanted[i + 1] as string
    if (value === ANY ? !parameters.has(name) : !parameters.getAll(name).includes(value)) return false
  }
  return true
}

const ANY = '*'

function hasField(headers: HeaderList, name: string, value: string): boolean {
  for (let i = 0; i < headers.length; i += 2) {
    if (headers[i] === name && (value === ANY || headers[i + 1] === value)) return true
  }
  return false
}

function conditionCount({ methods, headers, query }: Conditions): number {
  return (methods === undefined ? 0 : 1) + (headers.length + query.length) / 2
}

function valueCount({ headers, query }: Conditions): number {
  let count = 0
  for (let i = 1; i < headers.length; i += 2) if (headers[i] !== ANY) count++
  for (let i = 1; i < query.length; i += 2) if (query[i] !== ANY) count++
  return count
}
