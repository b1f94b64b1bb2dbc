import type { JsonObject } from '@konnect/contract'
import { frame } from '../../anthropic/frame.ts'
import { isCompleteJson } from '../../json/complete.ts'

type BlockKind = 'text' | 'thinking' | 'redacted_thinking' | 'tool_use'

interface Block {
  readonly kind: BlockKind
  /** Which call, for `tool_use`. */
  readonly tool: number
  readonly head: JsonObject
  /** Deltas that wait for the blocks before. */
  readonly waiting: JsonObject[]
  arguments: string
  /** Nothing more will come. */
  isEnded: boolean
}

/**
 * Content blocks of one message in order. In this dialect blocks never overlap, while elsewhere the deltas of several
 * calls may interleave: only the first block is open, the others collect until everything before them has ended. A call
 * has ended when the vendor says so, or when another block waits and its arguments are a complete JSON value.
 */
export class BlockQueue {
  readonly #queue: Block[] = []
  #index = -1
  #isOpen = false

  /** Text or thinking, continuing the newest block of its kind. */
  add(kind: 'text' | 'thinking', text: string): string {
    const last = this.#queue.at(-1)
    const head = kind === 'text' ? { type: kind, text: '' } : { type: kind, thinking: '', signature: '' }
    const block = last?.kind === kind && !last.isEnded ? last : this.#append(kind, head)
    block.waiting.push(kind === 'text' ? { type: 'text_delta', text } : { type: 'thinking_delta', thinking: text })
    return this.#flush()
  }

  /** Seals the newest thinking block and ends it. */
  seal(signature: string): string {
    const last = this.#queue.at(-1)
    const head = { type: 'thinking', thinking: '', signature: '' }
    const block = last?.kind === 'thinking' && !last.isEnded ? last : this.#append('thinking', head)
    block.waiting.push({ type: 'signature_delta', signature })
    block.isEnded = true
    return this.#flush()
  }

  addRedacted(data: string): string {
    this.#append('redacted_thinking', { type: 'redacted_thinking', data }).isEnded = true
    return this.#flush()
  }

  startTool(tool: number, id: string, name: string): string {
    this.#append('tool_use', { type: 'tool_use', id, name, input: {} }, tool)
    return this.#flush()
  }

  addArguments(tool: number, text: string): string {
    const block = this.#queue.find((one) => one.kind === 'tool_use' && one.tool === tool)
    if (block === undefined) return ''
    block.arguments += text
    block.waiting.push({ type: 'input_json_delta', partial_json: text })
    return this.#flush()
  }

  endTool(tool: number): string {
    const block = this.#queue.find((one) => one.kind === 'tool_use' && one.tool === tool)
    if (block) block.isEnded = true
    return this.#flush()
  }

  /** The answer is complete: everything that waits goes out. */
  close(): string {
    for (const block of this.#queue) block.isEnded = true
    return this.#flush()
  }

  #append(kind: BlockKind, head: JsonObject, tool = -1): Block {
    const block: Block = { kind, tool, head, waiting: [], arguments: '', isEnded: false }
    this.#queue.push(block)
    return block
  }

  #flush(): string {
    let out = ''
    for (;;) {
      const block = this.#queue[0]
      if (block === undefined) return out
      if (!this.#isOpen) {
        this.#isOpen = true
        this.#index++
        out += frame('content_block_start', { index: this.#index, content_block: block.head })
      }
      if (!mayBeNull(block)) out += this.#deltas(block)
      if (!this.#hasEnded(block)) return out
      out += frame('content_block_stop', { index: this.#index })
      this.#queue.shift()
      this.#isOpen = false
    }
  }

  #deltas(block: Block): string {
    let out = ''
    for (const delta of block.waiting) out += frame('content_block_delta', { index: this.#index, delta })
    block.waiting.length = 0
    return out
  }

  #hasEnded(block: Block): boolean {
    if (block.isEnded) return true
    if (this.#queue.length === 1) return false
    return block.kind !== 'tool_use' || isCompleteJson(block.arguments)
  }
}

// Some vendors write the arguments of a call without any as `null`; here, where an object is due, nothing says so.
const mayBeNull = (block: Block): boolean =>
  block.kind === 'tool_use' &&
  (block.isEnded ? block.arguments.trim() === 'null' : 'null'.startsWith(block.arguments.trim()))
