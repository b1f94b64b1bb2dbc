import type { Socket } from 'node:net'
import { type Flushable, flushSoon } from './flush-queue.ts'
import { ownBytes } from './read-buffer.ts'

/** Up to here, bytes travel inside the text that goes out anyway; beyond it, without being copied. */
const SMALL_BYTES = 4 * 1024
const TURN_BYTES = 16 * 1024
/** Bytes that may wait in the process for a slow peer before its source is asked to pause. */
const HIGH_WATER_BYTES = 64 * 1024

/**
 * Writes to one socket. What is written within one turn of the event loop leaves in one system call, and nothing stays
 * back longer than that turn.
 */
export class WireOutput implements Flushable {
  private readonly socket: Socket
  private pending = ''
  private isScheduled = false

  constructor(socket: Socket) {
    this.socket = socket
  }

  /** True while the peer takes bytes as fast as they come. */
  get isReady(): boolean {
    return this.socket.writableLength < HIGH_WATER_BYTES
  }

  /** Characters up to U+00FF, one byte each. */
  text(latin1: string): void {
    this.pending += latin1
    if (this.isScheduled) return
    this.isScheduled = true
    flushSoon(this)
  }

  bytes(chunk: Uint8Array): void {
    if (chunk.byteLength <= SMALL_BYTES) {
      this.text(latin1Of(chunk))
      if (this.pending.length > TURN_BYTES) this.flush()
      return
    }
    const owned = ownBytes(chunk)
    if (this.pending === '') {
      this.socket.write(owned)
      return
    }
    this.socket.cork()
    this.flush()
    this.socket.write(owned)
    this.socket.uncork()
  }

  /** Sends what is pending now. */
  flush(): void {
    this.isScheduled = false
    if (this.pending === '') return
    const text = this.pending
    this.pending = ''
    if (!this.socket.destroyed) this.socket.write(text, 'latin1')
  }
}

function latin1Of(chunk: Uint8Array): string {
  if (Buffer.isBuffer(chunk)) return chunk.toString('latin1')
  return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString('latin1')
}
