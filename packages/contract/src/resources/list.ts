import { apiResource, routeResource, upstreamResource } from './api.ts'
import { applicationResource, budgetResource, keyResource, productResource, subscriptionResource } from './consumer.ts'
import type { ResourceDefinition } from './definition.ts'
import { modelResource } from './model.ts'
import { providerResource } from './provider.ts'
import { policyResource, tenantResource } from './tenant.ts'

/** Every kind of resource, in the order in which `apply` creates them: what is referred to comes first. */
export const RESOURCES: readonly ResourceDefinition[] = [
  tenantResource,
  policyResource,
  upstreamResource,
  apiResource,
  routeResource,
  providerResource,
  modelResource,
  productResource,
  applicationResource,
  keyResource,
  subscriptionResource,
  budgetResource,
]
