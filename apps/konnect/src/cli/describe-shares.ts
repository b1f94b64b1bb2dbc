import type { TypedResource } from '@konnect/client'

/** Which version of a model gets what, in one line. */
export function describeShares({ name, spec }: Pick<TypedResource<'model'>, 'name' | 'spec'>): string {
  const shares = (spec.traffic?.shares ?? []).map(({ version, percent }) => `${version} ${percent} %`)
  return `${name}: ${shares.join(', ')}`
}
