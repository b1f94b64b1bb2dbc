import type { CatalogDescription } from '@konnect/contract'
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
