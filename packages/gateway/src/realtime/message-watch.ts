import { readClose, type SessionClose } from './close-frame.ts'
import { type FrameHead, type FrameListener, OPCODES } from './frame-reader.ts'
import { MessageBuffer } from './message-buffer.ts'

/** Hears the messages of one side of a session. */
export interface MessageListener {
  /** A whole message, of however many frames; the bytes are only good now. When left out, none is collected. */
  onMessage?(message: Buffer): void
  /** Collects binary messages as well as text. */
  readonly readsBinary?: boolean
  /** A message to collect passed that is longer than what is collected. */
  onMissed?(): void
  onClose(close: SessionClose): void
}

/** Longest message that is looked at: sound comes in small ones, whole answers in one. */
const MAX_BYTES = 16 * 1024 * 1024

/** Puts messages together from the frames that pass. */
export class MessageWatch implements FrameListener {
  readonly #listener: MessageListener
  readonly #maxBytes: number
  readonly #message = new MessageBuffer()
  readonly #close = new MessageBuffer()
  /** Of the frame that passes. */
  #head: FrameHead | undefined
  /** Where the payload of that frame goes; `undefined` when nobody wants it. */
  #target: MessageBuffer | undefined
  #start = 0
  /** The message whose fragments pass is one to collect. */
  #isWanted = false

  /** `maxBytes` is the longest message that `onMessage` gets; 16 MB by default. */
  constructor(listener: MessageListener, maxBytes: number = MAX_BYTES) {
    this.#listener = listener
    this.#maxBytes = maxBytes
  }

  onFrame(head: FrameHead): void {
    this.#head = head
    this.#target = this.#targetOf(head)
    this.#start = this.#target?.size ?? 0
  }

  onPayload(bytes: Buffer): void {
    this.#target?.add(bytes)
  }

  onFrameEnd(): void {
    const { mask, isFinal = false } = this.#head ?? {}
    const target = this.#target
    if (target === undefined) return
    if (mask !== undefined) target.unmask(this.#start, mask)
    if (!isFinal) return
    if (target === this.#close) this.#listener.onClose(readClose(target.bytes))
    else this.#listener.onMessage?.(target.bytes)
    target.clear()
  }

  #targetOf({ opcode, length }: FrameHead): MessageBuffer | undefined {
    if (opcode === OPCODES.close) return this.#close
    if (opcode > OPCODES.binary) return undefined
    if (opcode !== OPCODES.continuation) {
      const { onMessage, readsBinary = false } = this.#listener
      this.#isWanted = onMessage !== undefined && (opcode === OPCODES.text || readsBinary)
    }
    if (!this.#isWanted) return undefined
    if (this.#message.size + length <= this.#maxBytes) return this.#message
    this.#isWanted = false
    this.#message.clear()
    this.#listener.onMissed?.()
    return undefined
  }
}
