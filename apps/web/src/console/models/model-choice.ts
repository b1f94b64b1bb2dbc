import type { CatalogModel, JsonObject } from '@konnect/contract'

const MAX_NAME = 256

/** The public name that comes closest to a vendor's: what a public name may not hold is left out or becomes a dash. */
export const publicNameOf = (id: string): string =>
  id
    .replace(/^[^A-Za-z0-9]+/, '')
    .replace(/[^A-Za-z0-9._:/@-]+/g, '-')
    .slice(0, MAX_NAME)

/** What the form of a new model starts with: one deployment that runs a known model at a provider of its vendor. */
export const specOfChoice = ({ id }: CatalogModel, provider: string): JsonObject => ({
  name: publicNameOf(id),
  deployments: [{ provider, model: id }],
})
