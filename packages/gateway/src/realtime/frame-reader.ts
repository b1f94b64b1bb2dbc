/** What a frame says of itself (RFC 6455 §5.2). */
export interface FrameHead {
  readonly opcode: number
  readonly isFinal: boolean
  readonly length: number
  /** Four bytes; clients mask what they send. */
  readonly mask: Buffer | undefined
}

/** Hears what passes. Payloads come as they are on the wire, in as many pieces as they arrive, and may be kept. */
export interface FrameListener {
  onFrame(head: FrameHead): void
  onPayload(bytes: Buffer): void
  onFrameEnd(): void
}

export const OPCODES = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const

const KNOWN = new Set<number>(Object.values(OPCODES))
const CONTROL = 8
const MAX_CONTROL_BYTES = 125
/** The two lengths that stand for "the next two bytes" and "the next eight". */
const LENGTH_16 = 126
const LENGTH_64 = 127

/**
 * Follows the frames of one side of a WebSocket (RFC 6455 §5) as bytes go by, however they are split. It keeps nothing: the
 * caller passes the bytes on, and gives again what `read` did not take.
 */
export class FrameReader {
  readonly #isMasked: boolean
  readonly #listener: FrameListener
  #left = 0
  #opcode = -1
  #isInMessage = false
  #violation: string | undefined

  /** Frames of a `client` are masked, those of a `server` never (RFC 6455 §5.1). */
  constructor(sender: 'client' | 'server', listener: FrameListener) {
    this.#isMasked = sender === 'client'
    this.#listener = listener
  }

  /** True where something else could be sent without breaking into a frame. */
  get isBetweenFrames(): boolean {
    return this.#left === 0
  }

  /** A whole Close frame has gone by: nothing may follow it. */
  get isOver(): boolean {
    return this.#opcode === OPCODES.close && this.#left === 0
  }

  /** What the bytes after those that `read` took do wrong. */
  get violation(): string | undefined {
    return this.#violation
  }

  /**
   * Reads on from `at`, to the end of a frame's head or of what is there of its payload; returns where it stopped. The
   * same place again: more bytes are needed, nothing may follow any more, or there is a `violation`.
   */
  read(bytes: Buffer, at: number): number {
    if (this.#left > 0) return this.#readPayload(bytes, at)
    if (this.isOver || this.#violation !== undefined) return at
    return this.#readHead(bytes, at)
  }

  #readPayload(bytes: Buffer, at: number): number {
    const end = Math.min(bytes.length, at + this.#left)
    this.#left -= end - at
    this.#listener.onPayload(bytes.subarray(at, end))
    if (this.#left === 0) this.#listener.onFrameEnd()
    return end
  }

  #readHead(bytes: Buffer, at: number): number {
    const size = headSize(bytes, at)
    if (size === undefined) return at
    const first = bytes[at] ?? 0
    const second = bytes[at + 1] ?? 0
    const isFinal = (first & 0x80) !== 0
    const opcode = first & 0x0f
    const isMasked = (second & 0x80) !== 0
    const length = payloadLength(bytes, at)
    this.#violation = this.#faultOf({ opcode, isFinal, length, isMasked, reserved: first & 0x70 })
    if (this.#violation !== undefined) return at
    if (bytes.length - at < size) return at
    const end = at + size
    this.#opcode = opcode
    this.#left = length
    if (opcode < CONTROL) this.#isInMessage = !isFinal
    this.#listener.onFrame({ opcode, isFinal, length, mask: isMasked ? bytes.subarray(end - 4, end) : undefined })
    if (length === 0) this.#listener.onFrameEnd()
    return end
  }

  #faultOf(frame: {
    opcode: number
    isFinal: boolean
    length: number
    isMasked: boolean
    reserved: number
  }): string | undefined {
    const { opcode, isFinal, length } = frame
    if (frame.reserved !== 0) return 'a reserved bit is set, though no extension was agreed on'
    if (!KNOWN.has(opcode)) return `opcode ${opcode} is not defined`
    if (frame.isMasked !== this.#isMasked) return this.#isMasked ? 'a frame is not masked' : 'a frame is masked'
    if (opcode >= CONTROL && !isFinal) return 'a control frame is fragmented'
    if (opcode >= CONTROL && length > MAX_CONTROL_BYTES) return 'a control frame is longer than 125 bytes'
    if (opcode < CONTROL && (opcode === OPCODES.continuation) !== this.#isInMessage) return 'fragments are out of order'
    return length > Number.MAX_SAFE_INTEGER ? 'a frame is longer than can be counted' : undefined
  }
}

/** How long the head at a place is; `undefined` while too little of it is there to tell its payload's length. */
function headSize(bytes: Buffer, at: number): number | undefined {
  const second = bytes[at + 1]
  if (second === undefined) return undefined
  const length = second & 0x7f
  const untilLength = length === LENGTH_64 ? 10 : length === LENGTH_16 ? 4 : 2
  if (bytes.length - at < untilLength) return undefined
  return (second & 0x80) === 0 ? untilLength : untilLength + 4
}

function payloadLength(bytes: Buffer, at: number): number {
  const length = (bytes[at + 1] ?? 0) & 0x7f
  if (length === LENGTH_16) return bytes.readUInt16BE(at + 2)
  return length === LENGTH_64 ? Number(bytes.readBigUInt64BE(at + 2)) : length
}
