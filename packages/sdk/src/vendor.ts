import type { FieldRules, HeaderList, TextFetcher, VendorDescription } from '@konnect/contract'
import type { Static, TObject } from 'typebox'

/** A provider's settings, secrets opened. Exists only inside a gateway's memory. */
export interface ProviderConnection<S = Readonly<Record<string, unknown>>> {
  /** Without a trailing slash. */
  readonly baseUrl: string
  readonly apiKey: string | undefined
  /** The operator's extra fields, names lower-case. */
  readonly headers: HeaderList
  readonly settings: S
}

/** What a vendor is asked for. */
export interface VendorRequest {
  /** One of the vendor's dialects. */
  readonly dialect: string
  /** The vendor's name of the model. */
  readonly model: string
}

/** One request as it is about to be sent. */
export interface UnsignedRequest {
  readonly method: string
  /** Absolute URL. */
  readonly url: string
  /** Everything that will be sent but what only the wire needs, names lower-case. */
  readonly headers: HeaderList
  /** The exact bytes. */
  readonly body: Uint8Array
}

/** One request to a vendor, but for its body. */
export interface VendorTarget {
  /** Absolute URL. */
  readonly url: string
  /** Absolute URL of requests for a stream, where it is another one; same origin as `url`. */
  readonly streamUrl?: string
  /** Credentials and whatever else the vendor demands, names lower-case. */
  readonly headers: HeaderList
  /**
   * For vendors whose credential covers the content: gives the fields to send in place of `headers` of the request. Called
   * at every attempt, just before it is sent; `nowMs` is since the epoch.
   */
  readonly sign?: (request: UnsignedRequest, nowMs: number) => HeaderList
}

/** A collection of objects that vendors keep for their clients, named after the path at which clients find it. */
export type StoredKind = 'files' | 'batches' | 'responses' | 'message-batches'

/** What a vendor's account keeps for its clients. Only in the wire format that the kind stands for; nothing is translated. */
export interface VendorStorage<S = Readonly<Record<string, unknown>>> {
  readonly kinds: readonly [StoredKind, ...StoredKind[]]
  /** Per cent of the list price that the requests of a batch cost. Default 100. */
  readonly batchPercent?: number
  /** Address of the collection, below which its objects are, and the fields of requests to it. */
  target(connection: ProviderConnection<S>, kind: StoredKind): { readonly url: string; readonly headers: HeaderList }
}

/** Where a vendor tells which models a connection may call. */
export interface VendorModelList<S = Readonly<Record<string, unknown>>> {
  /** The same for everyone: an answer says nothing about the key. */
  readonly isPublic?: true
  /** Address and fields of a GET request for all of them, or as many as fit in one answer. */
  target(connection: ProviderConnection<S>): { readonly url: string; readonly headers: HeaderList }
}

/** A key that a vendor hands out for a while. */
export interface TemporaryKey {
  /** What stands in the place of `apiKey` of the connection while it lasts. */
  readonly apiKey: string
  /** Milliseconds since the epoch. */
  readonly expiresAtMs: number
}

/** Where the temporary keys of a connection come from. */
export interface TemporaryKeySource {
  /**
   * Everything that the keys depend on, secrets included: as long as it stays the same, a publish leaves the key at hand in
   * use. Only a digest of it is kept.
   */
  readonly dependsOn: readonly string[]
  /**
   * Gets a new key; `nowMs` is since the epoch. Rejects with an Error whose message tells the operator what is wrong and
   * holds no secret.
   */
  obtain(fetchText: TextFetcher, nowMs: number): Promise<TemporaryKey>
}

/** The code that speaks to an AI vendor. */
export interface Vendor<S extends TObject = TObject> {
  readonly id: string
  readonly title: string
  readonly description: string
  /** Ids of the wire formats it speaks, the one to translate to first; see the dialects of `@konnect/ai`. */
  readonly dialects: readonly [string, ...string[]]
  /** Those of `dialects` in which it serves one model, the one to translate to first. All of them when left out. */
  dialectsOf?(model: string, settings: Static<S>): readonly string[]
  /** Where it processes content when these settings say so, in words of residency rules; `undefined` when they do not. */
  regionOf?(settings: Static<S>, model: string): string | undefined
  /** Left out when only the operator can know it. */
  readonly defaultBaseUrl?: string
  readonly needsApiKey: boolean
  readonly keyVariable?: string
  /** Schema of `settings` of a provider of this vendor. */
  readonly settings: S
  /** Request fields of the client that mean something to this vendor and are forwarded when the dialects match. */
  readonly forwardHeaders?: readonly string[]
  /** Request fields that it refuses or calls differently, as its documentation states. */
  readonly fields?: FieldRules
  /** Id of the provider in the public price catalog whose prices hold; the vendor's own id when left out. */
  readonly pricedAs?: string
  /** Left out when nothing of it is served. */
  readonly storage?: VendorStorage<Static<S>>
  /** Left out when it lists none, or not below the address of a provider. */
  readonly models?: VendorModelList<Static<S>>
  /**
   * For connections whose own key only serves to get temporary ones; `undefined` where the key is sent as it is. The
   * gateway gets the first one when a Snapshot is compiled and renews each before it expires; `target` then gets it as
   * `apiKey`, and is called again with every new one.
   */
  temporaryKeys?(connection: ProviderConnection<Static<S>>): TemporaryKeySource | undefined
  /** Address and fields of a request. Called when a Snapshot is compiled, once for each of its dialects. */
  target(connection: ProviderConnection<Static<S>>, request: VendorRequest): VendorTarget
}

/** The only way to declare a vendor. */
export function defineVendor<S extends TObject>(vendor: Vendor<S>): Vendor<S> {
  return vendor
}

/** What the control plane may know of a vendor. */
export function describeVendor(vendor: Vendor): VendorDescription {
  return {
    id: vendor.id,
    title: vendor.title,
    description: vendor.description,
    dialects: vendor.dialects,
    needsApiKey: vendor.needsApiKey,
    schema: JSON.parse(JSON.stringify(vendor.settings)),
    ...(vendor.defaultBaseUrl === undefined ? {} : { defaultBaseUrl: vendor.defaultBaseUrl }),
    ...(vendor.keyVariable === undefined ? {} : { keyVariable: vendor.keyVariable }),
    ...(vendor.fields === undefined ? {} : { fields: vendor.fields }),
    ...(vendor.models === undefined ? {} : { listsModels: true }),
  }
}
