import type { Duplex } from 'node:stream'
import type { HeaderList } from '@konnect/contract'
import type { Responder } from '@konnect/http'

/** The way back of a request that nobody waits for: it takes everything and sends nothing. */
export class SilentResponder implements Responder {
  isHeadSent = false
  isDone = false
  bytesWritten = 0
  onDrain: (() => void) | undefined
  onClose: (() => void) | undefined

  head(): void {
    this.isHeadSent = true
  }

  write(chunk: Uint8Array): boolean {
    this.bytesWritten += chunk.byteLength
    return true
  }

  end(): void {
    this.isDone = true
  }

  send(_status: number, _headers: HeaderList, body: string | Uint8Array): void {
    this.isHeadSent = true
    this.bytesWritten += Buffer.byteLength(body)
    this.isDone = true
  }

  informational(): void {}

  upgrade(): Duplex {
    throw new Error('Nobody is there to switch protocols with')
  }

  destroy(): void {
    this.isDone = true
  }
}
