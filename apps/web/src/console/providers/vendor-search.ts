import type { VendorDescription } from '@konnect/contract'

/** Whether a vendor is meant by what someone types: every word stands in its title, id or description. */
export function matchesVendor(vendor: VendorDescription, search: string): boolean {
  const text = `${vendor.title} ${vendor.id} ${vendor.description}`.toLowerCase()
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word))
}
