import type { VendorModel } from '@konnect/contract'

/** What a vendor listed to a provider. */
export interface ModelListing {
  readonly tenantId: string
  readonly providerId: string
  /** Name of the provider. */
  readonly provider: string
  readonly vendor: string
  /** ISO 8601. */
  readonly at: string
  readonly models: readonly VendorModel[]
}

const MAX_LISTINGS = 500

/**
 * The models that vendors list, by provider, as they were last fetched; the oldest goes when there are too many. In memory:
 * they are fetched again with one act, and nothing that is served depends on them.
 */
export class ModelLists {
  readonly #listings = new Map<string, ModelListing>()

  keep(listing: ModelListing): void {
    this.#listings.delete(listing.providerId)
    this.#listings.set(listing.providerId, listing)
    const [oldest] = this.#listings.keys()
    if (this.#listings.size > MAX_LISTINGS && oldest !== undefined) this.#listings.delete(oldest)
  }

  /** Of one provider; `vendor` is the one that it has now: what another listed is gone. */
  of(providerId: string, vendor: string): ModelListing | undefined {
    const listing = this.#listings.get(providerId)
    return listing?.vendor === vendor ? listing : undefined
  }

  /** Those of a vendor in a tenant, perhaps of one provider only. */
  ofVendor(tenantId: string, vendor: string, providerId?: string): readonly ModelListing[] {
    return [...this.#listings.values()].filter(
      (listing) =>
        listing.tenantId === tenantId &&
        listing.vendor === vendor &&
        (providerId === undefined || listing.providerId === providerId),
    )
  }
}
