import { readClose, type SessionClose, unmasked } from './close-frame.ts'
import { type FrameHead, type FrameListener, OPCODES } from './frame-reader.ts'

/** Hears the messages of one side of a session. */
export interface MessageListener {
  /** A whole text message, of however many frames. Left out by who does not care: none is collected then. */
  onText?(message: Buffer): void
  /** A text message passed that is longer than what is collected. */
  onMissed?(): void
  onClose(close: SessionClose): void
}

/** Longest message that is looked at: sound comes in small ones, whole answers in one. */
const MAX_BYTES = 16 * 1024 * 1024

/** Puts messages together from the frames that pass. Sound and images sent as binary messages are not collected. */
export class MessageWatch implements FrameListener {
  readonly #listener: MessageListener
  readonly #maxBytes: number
  /** Of the frame that passes. */
  #head: FrameHead | undefined
  #control: Buffer[] = []
  #frame: Buffer[] = []
  /** Of the message whose fragments pass; `undefined` when it is not to be collected. */
  #message: Buffer[] | undefined
  #size = 0

  /** `maxBytes` is the longest message that `onText` gets; 16 MB by default. */
  constructor(listener: MessageListener, maxBytes: number = MAX_BYTES) {
    this.#listener = listener
    this.#maxBytes = maxBytes
  }

  onFrame(head: FrameHead): void {
    this.#head = head
    this.#control = []
    this.#frame = []
    if (head.opcode === OPCODES.text || head.opcode === OPCODES.binary) {
      const isWanted = head.opcode === OPCODES.text && this.#listener.onText !== undefined
      this.#message = isWanted ? [] : undefined
      this.#size = 0
    }
    if (head.opcode > OPCODES.binary || this.#message === undefined) return
    this.#size += head.length
    if (this.#size <= this.#maxBytes) return
    this.#message = undefined
    this.#listener.onMissed?.()
  }

  onPayload(bytes: Buffer): void {
    if (this.#head?.opcode === OPCODES.close) this.#control.push(bytes)
    else if (this.#message !== undefined && this.#isData()) this.#frame.push(bytes)
  }

  onFrameEnd(): void {
    const head = this.#head
    if (head?.opcode === OPCODES.close) {
      this.#listener.onClose(readClose(unmasked(Buffer.concat(this.#control), head.mask)))
      return
    }
    if (head === undefined || this.#message === undefined || !this.#isData()) return
    this.#message.push(unmasked(joined(this.#frame), head.mask))
    if (!head.isFinal) return
    const message = joined(this.#message)
    this.#message = undefined
    this.#listener.onText?.(message)
  }

  #isData(): boolean {
    return (this.#head?.opcode ?? OPCODES.close) <= OPCODES.binary
  }
}

const joined = (pieces: readonly Buffer[]): Buffer =>
  pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces)
