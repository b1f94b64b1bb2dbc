import { type Static, Type } from 'typebox'
import {
  closed,
  DescriptionSchema,
  NameSchema,
  PolicyListSchema,
  PolicyUseSchema,
  type ResourceDefinition,
} from './definition.ts'
import { ResidencyRulesSchema } from './residency.ts'

/** The tenant that resources belong to when none is named. It also holds what concerns the whole gateway. */
export const DEFAULT_TENANT = 'default'

/** A team with its own APIs, applications, members and policies. */
export const TenantSchema = closed({
  name: NameSchema,
  title: Type.Optional(Type.String({ title: 'Title', maxLength: 200 })),
  description: DescriptionSchema,
  residency: Type.Optional(ResidencyRulesSchema),
  policies: PolicyListSchema,
})
export type TenantSpec = Static<typeof TenantSchema>

/** A policy of the whole gateway: it runs for every request of every tenant. */
export const PolicySchema = closed({ name: Type.Optional(NameSchema), ...PolicyUseSchema.properties })
export type PolicySpec = Static<typeof PolicySchema>

export const tenantResource: ResourceDefinition = {
  kind: 'tenant',
  plural: 'tenants',
  title: 'Tenant',
  description: 'A team with its own APIs, applications, members and policies.',
  idPrefix: 'ten',
  scope: 'system',
  schema: TenantSchema,
}

export const policyResource: ResourceDefinition = {
  kind: 'policy',
  plural: 'policies',
  title: 'Policy',
  description: 'A configured behaviour for the whole gateway.',
  idPrefix: 'pol',
  scope: 'system',
  schema: PolicySchema,
  nameOf: (spec) => String(spec.use),
}
