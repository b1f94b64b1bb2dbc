import type { JsonObject } from '@konnect/contract'
import type { ImagePart } from '../../canonical/request.ts'
import { objectOf, textOf } from '../../json/access.ts'

const mediaTypeOf = (block: JsonObject): string => `image/${textOf(block.format) ?? 'png'}`

const bytesOf = (block: JsonObject): string => textOf(objectOf(block.source).bytes) ?? ''

/** Reads an `image` block; nothing where it holds no bytes, but an error in their place. */
export function readImage(block: JsonObject): ImagePart[] {
  const data = bytesOf(block)
  return data === '' ? [] : [{ type: 'image', source: { kind: 'base64', mediaType: mediaTypeOf(block), data } }]
}

/** An image whose bytes come in pieces, each in base64 of its own. */
export class OpenImage {
  readonly #mediaType: string
  readonly #pieces: Buffer[] = []

  constructor(start: JsonObject) {
    this.#mediaType = mediaTypeOf(start)
  }

  add(delta: JsonObject): void {
    this.#pieces.push(Buffer.from(bytesOf(delta), 'base64'))
  }

  /** The whole image; nothing when no bytes came. */
  image(): ImagePart[] {
    const data = Buffer.concat(this.#pieces).toString('base64')
    return data === '' ? [] : [{ type: 'image', source: { kind: 'base64', mediaType: this.#mediaType, data } }]
  }
}
