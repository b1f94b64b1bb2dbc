import type { ModelSpec } from '@konnect/contract'
import type { Search } from '../../url-state/search.ts'

/** Most models that are asked at once. */
export const MAX_LANES = 4

/** What an address says of a comparison; what it says wrongly is as if it said nothing. */
export interface ComparisonSettings {
  readonly application: string
  readonly models: readonly string[]
  readonly temperature: number | undefined
  readonly maxTokens: number | undefined
}

interface Known {
  readonly applications: readonly string[]
  readonly models: readonly string[]
}

/** Every name that a model may be asked for by: its own, and `name@version` for each of its versions. */
export function callableNames(models: readonly { readonly name: string; readonly spec: ModelSpec }[]): string[] {
  return models.flatMap(({ name, spec }) => [
    name,
    ...(spec.versions ?? []).map((version) => `${name}@${version.name}`),
  ])
}

/** Reads the settings of a comparison. Without any, the first models are chosen, two at most. */
export function readSettings(search: Search, known: Known): ComparisonSettings {
  const wanted = search.models?.split(' ') ?? known.models.slice(0, 2)
  const models = [...new Set(wanted)].filter((name) => known.models.includes(name)).slice(0, MAX_LANES)
  const application = known.applications.find((name) => name === search.application) ?? known.applications[0] ?? ''
  return {
    application,
    models,
    temperature: numberIn(search.temperature, 0, 2),
    maxTokens: numberIn(search.maxTokens, 1, 1_000_000),
  }
}

function numberIn(text: string | undefined, least: number, most: number): number | undefined {
  const number = Number(text || Number.NaN)
  return number >= least && number <= most ? number : undefined
}
