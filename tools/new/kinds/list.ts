import { planPage } from './page.ts'
import type { LeafPlanner } from './plan.ts'
import { planPolicy } from './policy.ts'
import { planResource } from './resource.ts'
import { planVendor } from './vendor.ts'

/** Every kind of leaf that can be scaffolded, by the word on the command line. */
export const KINDS: Readonly<Record<string, LeafPlanner>> = {
  policy: planPolicy,
  vendor: planVendor,
  resource: planResource,
  page: planPage,
}
