import { listCatalogModels } from '@konnect/ai'
import type { CatalogDescription, CatalogModel, JsonObject } from '@konnect/contract'
import type { GatewayCatalog } from '@konnect/gateway'
import { policies } from '@konnect/policies'
import { describePolicy, describeVendor } from '@konnect/sdk'
import { vendors } from '@konnect/vendors'

/** The leaves that this program ships with. */
export const catalog: GatewayCatalog = { policies, vendors }

/** What the control plane knows of them. */
export const catalogDescription = (): CatalogDescription => ({
  policies: policies.map(describePolicy),
  vendors: vendors.map(describeVendor),
})

/** The models that the price catalog knows of a vendor; empty for a vendor that it does not list. Loads it when first called. */
export function catalogModels(vendorId: string): readonly CatalogModel[] {
  const vendor = vendors.find(({ id }) => id === vendorId)
  return vendor === undefined ? [] : listCatalogModels(vendor.pricedAs ?? vendor.id, vendor.id)
}

/** Where a vendor processes content, as far as these settings say so. */
export const regionOf = (vendorId: string, settings: JsonObject, model: string): string | undefined =>
  vendors.find(({ id }) => id === vendorId)?.regionOf?.(settings, model)
