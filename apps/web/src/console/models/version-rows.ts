import type { ModelSpec, VersionFigures } from '@konnect/contract'

/** One line of the comparison of a model's versions. */
export interface VersionRow {
  /** Empty for calls of the time before the model had versions. */
  readonly version: string
  readonly isShadow: boolean
  /** Of the requests that name no version, or of those that a shadow is asked as well. */
  readonly percent: number
  /** Undefined where nothing was called in the chosen time. */
  readonly figures: VersionFigures | undefined
}

/** Every version that the model has or had in the chosen time, each in the part it plays; those it has come first. */
export function versionRows({ versions = [], traffic }: ModelSpec, figures: readonly VersionFigures[]): VersionRow[] {
  const shares = traffic?.shares ?? versions.slice(0, 1).map(({ name }) => ({ version: name, percent: 100 }))
  const rows = versions.map(({ name }) => ({
    version: name,
    isShadow: false,
    percent: shares.find((share) => share.version === name)?.percent ?? 0,
  }))
  const { shadow } = traffic ?? {}
  if (shadow !== undefined) rows.push({ version: shadow.version, isShadow: true, percent: shadow.percent ?? 100 })
  const isSame = (a: Pick<VersionRow, 'version' | 'isShadow'>) => (b: Pick<VersionRow, 'version' | 'isShadow'>) =>
    a.version === b.version && a.isShadow === b.isShadow
  const former = figures.filter((one) => !rows.some(isSame(one)))
  rows.push(...former.map(({ version, isShadow }) => ({ version, isShadow, percent: 0 })))
  return rows.map((row) => ({ ...row, figures: figures.find(isSame(row)) }))
}

/** A mean of ratings from -1 to 1, with its sign: `+0.5`, `−1`, `0`. */
export function formatQuality(quality: number): string {
  const rounded = Number(Math.abs(quality).toFixed(2))
  if (rounded === 0) return '0'
  return `${quality > 0 ? '+' : '−'}${rounded}`
}
