import {
  compileResidency,
  type JsonObject,
  type ProcessingTerms,
  type Residency,
  type ResidencyRules,
} from '@konnect/contract'
import { objectsUnder } from '../resources/kinds.ts'
import type { ResourceTree, StoredResource } from '../resources/tree.ts'

/** Where a vendor processes content, as far as the settings of a provider say so. */
export type RegionOf = (vendorId: string, settings: JsonObject, model: string) => string | undefined

/**
 * Which deployments residency rules keep content from, and why: one line for each model. They are allowed all the same,
 * since rules may come before the deployments that fit them; requests fail closed until then.
 */
export function residencyWarnings(tree: ResourceTree, regionOf: RegionOf): string[] {
  const tenants = new Map(
    tree.ofKind('tenant').map(({ id, spec }) => [id, spec.residency as ResidencyRules | undefined]),
  )
  return tree.ofKind('model').flatMap((model) => {
    const rules = compileResidency(tenants.get(model.tenantId), model.spec.residency as ResidencyRules | undefined)
    return rules === undefined ? [] : warningOf(tree, model, rules, regionOf)
  })
}

function warningOf(tree: ResourceTree, model: StoredResource, rules: Residency, regionOf: RegionOf): string[] {
  const holders = [model.spec, ...objectsUnder(model.spec, 'versions')]
  const deployments = holders.flatMap((holder) => objectsUnder(holder, 'deployments'))
  const objections = deployments.flatMap((deployment) => {
    const provider = tree.find(model.tenantId, 'provider', null, String(deployment.provider))
    const objection = provider && rules.objection(placeOf(deployment, provider.spec, regionOf))
    return objection === undefined ? [] : [`${deployment.provider} with ${deployment.model}: ${objection}`]
  })
  if (objections.length === 0) return []
  const outcome =
    objections.length === deployments.length ? 'refuses every request' : 'does without some of its deployments'
  return [
    `Model "${model.name}" ${outcome}, for its residency rules (${rules.proof}) exclude ${objections.join('; ')}.`,
  ]
}

function placeOf(deployment: JsonObject, provider: JsonObject, regionOf: RegionOf) {
  const stated = deployment.region ?? provider.region
  const derived = () =>
    regionOf(String(provider.vendor), (provider.settings ?? {}) as JsonObject, String(deployment.model))
  return {
    region: stated === undefined ? derived() : String(stated),
    terms: provider.terms as ProcessingTerms | undefined,
  }
}
