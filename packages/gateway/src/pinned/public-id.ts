import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { Principal } from '@konnect/sdk'

/** What a pinned id names. A batch's input is a file whose every line was found to be in order when it was uploaded. */
export const PIN_KINDS = [
  'file',
  'batch-input',
  'batch-output',
  'batch',
  'response',
  'message-batch',
  'cursor',
] as const
export type PinKind = (typeof PIN_KINDS)[number]

/** Where the object of an id is kept. */
export interface Pin {
  readonly kind: PinKind
  /** Tag of the provider's id. */
  readonly provider: string
  /** Tag of the name of the provider's key. */
  readonly key: string
  /** Tag of the id of the model under which it was made. */
  readonly model: string
  /** The vendor's own id. */
  readonly id: string
  /** The vendor's id of the batch that a `batch-output` belongs to; '' for everything else. */
  readonly batch: string
}

/** Whose an id is. Nobody else can read it. */
export type Owner = Pick<Principal, 'tenantId' | 'applicationId'>

const TAG_BYTES = 6
const MAC_BYTES = 16
const HEAD_BYTES = 1 + 3 * TAG_BYTES
const PUBLIC_ID = /^([A-Za-z]{1,32}[-_])kn([A-Za-z0-9_-]{48,1024})$/
const VENDOR_PREFIX = /^[A-Za-z]{1,32}[-_]/

/** A short digest that stands for a name inside of ids. */
export const tagOf = (name: string): string => digestOf(name).toString('base64url')

const digestOf = (name: string): Buffer => createHash('sha256').update(name).digest().subarray(0, TAG_BYTES)

/**
 * The ids that clients get in place of a vendor's: what vendors call it, where it is kept, and an HMAC (RFC 2104, SHA-256 cut
 * to 128 bits) over both and the owner. Nothing is stored, so every gateway with the same key reads the ids of every other.
 * They begin as the vendor's do (`file-`, `batch_`, `resp_`), since programs look at that.
 */
export class PublicIds {
  readonly #key: Uint8Array

  /** `key` has 32 bytes. */
  constructor(key: Uint8Array) {
    this.#key = key
  }

  mint(owner: Owner, pin: Pin): string {
    const content = Buffer.concat([
      Buffer.from([PIN_KINDS.indexOf(pin.kind)]),
      ...[pin.provider, pin.key, pin.model].map((tag) => Buffer.from(tag, 'base64url')),
      Buffer.from(pin.batch === '' ? pin.id : `${pin.id}\n${pin.batch}`),
    ])
    const prefix = VENDOR_PREFIX.exec(pin.id)?.[0] ?? 'id_'
    return `${prefix}kn${Buffer.concat([content, this.#mac('id', owner, content)]).toString('base64url')}`
  }

  /** Undefined for what was not minted with this key for this owner as one of these kinds. */
  read(owner: Owner, text: string, kinds: readonly PinKind[]): Pin | undefined {
    const [, prefix, encoded] = PUBLIC_ID.exec(text) ?? []
    if (encoded === undefined) return undefined
    const bytes = Buffer.from(encoded, 'base64url')
    const content = bytes.subarray(0, Math.max(0, bytes.length - MAC_BYTES))
    const mac = bytes.subarray(content.length)
    if (mac.length !== MAC_BYTES || !timingSafeEqual(mac, this.#mac('id', owner, content))) return undefined
    const pin = pinIn(content)
    // One id has one spelling: base64 has bits that say nothing, and the prefix is not part of what is authenticated.
    if (pin === undefined || bytes.toString('base64url') !== encoded) return undefined
    if (prefix !== (VENDOR_PREFIX.exec(pin.id)?.[0] ?? 'id_')) return undefined
    return kinds.includes(pin.kind) ? pin : undefined
  }

  /** A mark by which an owner's objects are known in the lists of a vendor's account, for one provider and key. */
  ownerMark(owner: Owner, provider: string, key: string): string {
    return this.#mac('owner', owner, Buffer.from(`${provider}.${key}`))
      .subarray(0, 9)
      .toString('base64url')
  }

  #mac(purpose: string, { tenantId, applicationId }: Owner, content: Uint8Array): Buffer {
    const subject = JSON.stringify([purpose, tenantId, applicationId])
    return createHmac('sha256', this.#key).update(subject).update('\0').update(content).digest().subarray(0, MAC_BYTES)
  }
}

function pinIn(content: Buffer): Pin | undefined {
  const kind = PIN_KINDS[content[0] ?? -1]
  if (kind === undefined || content.length <= HEAD_BYTES) return undefined
  const tag = (at: number) => content.toString('base64url', 1 + at * TAG_BYTES, 1 + (at + 1) * TAG_BYTES)
  const [id = '', batch = ''] = content.toString('utf8', HEAD_BYTES).split('\n')
  return { kind, provider: tag(0), key: tag(1), model: tag(2), id, batch }
}
