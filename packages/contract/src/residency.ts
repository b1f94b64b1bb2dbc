import type { ProcessingTerms, ResidencyRules } from './resources/residency.ts'
import { parseDurationMs } from './units.ts'

/** Where content goes, as far as the operator has stated it. */
export interface ProcessingPlace {
  readonly region: string | undefined
  readonly terms: ProcessingTerms | undefined
}

/** All the rules that one model is held to, ready for use. */
export interface Residency {
  /** The rules in one line, e.g. `regions=eu,ch; no-training; retention<=30d`; what Calls keep as proof. */
  readonly proof: string
  /** Why content may not go to a place; `undefined` when it may. What nobody has stated counts against it. */
  objection(place: ProcessingPlace): string | undefined
  /** Whether content may be kept in a region; an unknown one is not allowed where there are rules about regions. */
  allowsRegion(region: string | undefined): boolean
}

/** True when everything in `narrower` lies in `wider`: `eu` covers `eu` and `eu-west-1`, not `europe`. */
export const covers = (wider: string, narrower: string): boolean =>
  narrower === wider || narrower.startsWith(`${wider}-`)

/** The regions that lie in one of each list, as wide as both allow. Empty when there are none. */
export function commonRegions(one: readonly string[], other: readonly string[]): readonly string[] {
  const within = (list: readonly string[], rules: readonly string[]) =>
    list.filter((region) => rules.some((rule) => covers(rule, region)))
  const common = new Set([...within(one, other), ...within(other, one)])
  return [...common].filter((region) => ![...common].some((wider) => wider !== region && covers(wider, region))).sort()
}

/** Combines rules that all hold, e.g. those of a tenant and of its model. `undefined` when there are none at all. */
export function compileResidency(...given: readonly (ResidencyRules | undefined)[]): Residency | undefined {
  const rules = given.flatMap((one) => one ?? [])
  const regions = rules
    .flatMap((one) => (one.regions === undefined ? [] : [one.regions]))
    .reduce<readonly string[] | undefined>(
      (all, next) => (all === undefined ? next : commonRegions(all, next)),
      undefined,
    )
  const noTraining = rules.some((one) => one.noTraining === true)
  const retentions = rules.flatMap((one) => one.maxRetention ?? [])
  const retention = retentions.sort((a, b) => parseDurationMs(a) - parseDurationMs(b))[0]
  if (regions === undefined && !noTraining && retention === undefined) return undefined
  const allowsRegion = (region: string | undefined): boolean =>
    regions === undefined || (region !== undefined && regions.some((rule) => covers(rule, region)))
  return {
    proof: [
      ...(regions === undefined ? [] : [`regions=${regions.join(',') || 'none'}`]),
      ...(noTraining ? ['no-training'] : []),
      ...(retention === undefined ? [] : [`retention<=${retention}`]),
    ].join('; '),
    allowsRegion,
    objection({ region, terms }) {
      if (!allowsRegion(region)) return region === undefined ? 'nobody has stated its region' : `it is in ${region}`
      if (noTraining && terms?.training !== 'never') {
        return terms?.training === 'allowed'
          ? 'its vendor may train on content'
          : 'nobody has stated that it does not train'
      }
      if (retention === undefined) return undefined
      if (terms?.retention === undefined) return 'nobody has stated how long it keeps content'
      return parseDurationMs(terms.retention) > parseDurationMs(retention)
        ? `it keeps content ${terms.retention}`
        : undefined
    },
  }
}
