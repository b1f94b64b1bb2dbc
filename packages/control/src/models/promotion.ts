import { type FieldFault, isJsonObject, type JsonObject } from '@konnect/contract'
import { objectsUnder } from '../resources/kinds.ts'

/** The percentage of the requests that a version gets. */
export interface Share {
  readonly version: string
  readonly percent: number
}

/** Which version gets more, and how much it has then. */
export interface Promotion {
  readonly version: string
  /** 1 to 100. */
  readonly percent: number
}

/** The changed spec, or what stands in the way. */
export type Outcome = { readonly spec: JsonObject } | { readonly fault: FieldFault }

const refused = (path: string, message: string): Outcome => ({ fault: { path, message } })

/**
 * Gives a version its percentage; the others keep what is left, in the proportion that they have now. The former shares
 * become the previous ones. A version that answers everything is compared with itself no longer.
 */
export function promoted(spec: JsonObject, { version, percent }: Promotion): Outcome {
  const names = objectsUnder(spec, 'versions').map(({ name }) => String(name))
  if (!names.includes(version)) return refused('/version', unknown(version, names))
  const before = sharesOf(spec)
  const others = before.filter((share) => share.version !== version && share.percent > 0)
  if (others.length === 0 && percent < 100) {
    return refused('/percent', 'No other version has a share; promote one of those instead.')
  }
  const scaled = proportioned(others, 100 - percent)
  const percents = new Map([...scaled, { version, percent }].map((share) => [share.version, share.percent]))
  const shares = names.flatMap((name) => {
    const share = percents.get(name) ?? 0
    return share > 0 ? [{ version: name, percent: share }] : []
  })
  return { spec: withShares(spec, shares, before) }
}

/** Puts the previous shares back. What is replaced becomes the previous ones, so that a second rollback undoes the first. */
export function rolledBack(spec: JsonObject): Outcome {
  const previous = sharesUnder(spec, 'previous')
  if (previous.length === 0) return refused('', 'There are no previous shares to go back to.')
  return { spec: withShares(spec, previous, sharesOf(spec)) }
}

const unknown = (version: string, names: readonly string[]): string =>
  names.length === 0
    ? 'This model has no versions.'
    : `There is no version "${version}"; expected one of: ${names.join(', ')}.`

/** What each version gets now: everything goes to the first one where nothing is said. */
function sharesOf(spec: JsonObject): Share[] {
  const given = sharesUnder(spec, 'shares')
  const [first] = objectsUnder(spec, 'versions')
  return given.length > 0 || first === undefined ? given : [{ version: String(first.name), percent: 100 }]
}

function sharesUnder({ traffic }: JsonObject, field: 'shares' | 'previous'): Share[] {
  if (!isJsonObject(traffic)) return []
  return objectsUnder(traffic, field).map(({ version, percent }) => ({
    version: String(version),
    percent: Number(percent),
  }))
}

/** Whole percentages that add up to `total` and stand to one another as these do (largest remainder first). */
function proportioned(shares: readonly Share[], total: number): Share[] {
  const sum = shares.reduce((all, { percent }) => all + percent, 0)
  const exact = shares.map(({ version, percent }) => ({ version, percent: (percent * total) / sum }))
  const whole = exact.map(({ version, percent }) => ({ version, percent: Math.floor(percent), rest: percent % 1 }))
  let left = total - whole.reduce((all, { percent }) => all + percent, 0)
  for (const share of [...whole].sort((a, b) => b.rest - a.rest)) if (left-- > 0) share.percent++
  return whole.map(({ version, percent }) => ({ version, percent }))
}

/** Everything else keeps its place, so that a preview shows only what changes. */
function withShares(spec: JsonObject, shares: readonly Share[], previous: readonly Share[]): JsonObject {
  const { shadow } = isJsonObject(spec.traffic) ? spec.traffic : ({} as JsonObject)
  const isAlone = isJsonObject(shadow) && shares.length === 1 && shares[0]?.version === shadow.version
  const listed = (all: readonly Share[]) => all.map(({ version, percent }) => ({ percent, version }))
  const traffic: JsonObject = {
    ...(isJsonObject(spec.traffic) ? spec.traffic : {}),
    shares: listed(shares),
    previous: listed(previous),
  }
  if (isAlone) delete traffic.shadow
  return { ...spec, traffic }
}
