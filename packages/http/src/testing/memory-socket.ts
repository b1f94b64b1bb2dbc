import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'

/** A socket without a network: what arrives, and in which pieces, is decided byte by byte. */
export class MemorySocket extends Duplex {
  readonly remoteAddress = '192.0.2.1'
  private output = ''

  constructor() {
    super({ highWaterMark: 1024 * 1024 })
    this.on('error', () => {})
  }

  /** Everything written to it, as latin1. */
  get written(): string {
    return this.output
  }

  get asSocket(): Socket {
    return this as unknown as Socket
  }

  setTimeout(): this {
    return this
  }

  setNoDelay(): this {
    return this
  }

  setKeepAlive(): this {
    return this
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.output += chunk.toString('latin1')
    done()
  }
}

/** Resolves after everything that is due in this turn of the event loop, microtasks and ticks included. */
export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** Resolves as soon as `isTrue` holds; looks once per turn of the event loop. */
export async function until(isTrue: () => boolean, what = 'the condition'): Promise<void> {
  const startedAt = performance.now()
  while (!isTrue()) {
    if (performance.now() - startedAt > 10_000) throw new Error(`Waited in vain for ${what}`)
    await turn()
  }
}

/** `bytes` cut at the given positions. */
export function cutAt(bytes: Buffer, positions: readonly number[]): Buffer[] {
  const cuts = [...new Set(positions.map((position) => position % (bytes.length + 1)))].sort((a, b) => a - b)
  const pieces: Buffer[] = []
  let from = 0
  for (const cut of [...cuts, bytes.length]) {
    if (cut > from) pieces.push(bytes.subarray(from, cut))
    from = cut
  }
  return pieces
}
