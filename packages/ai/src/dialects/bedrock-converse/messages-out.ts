import { GatewayError, type JsonObject } from '@konnect/contract'
import type { CacheMark, ChatMessage, ContentPart, TextPart, ToolResultPart } from '../../canonical/request.ts'
import { argumentsObject } from '../../canonical/tool-arguments.ts'
import type { CachePoints } from './cache-points.ts'
import type { Fitting } from './fitting.ts'
import { DocumentNames, fileBlock, imageBlock } from './media-out.ts'

/** System blocks and the turns that remain. */
export interface SplitMessages {
  readonly system: JsonObject[] | undefined
  readonly turns: readonly ChatMessage[]
}

/**
 * Leading system messages become `system`. Later ones keep their place, as user text in `<system>` tags: moved up they
 * would refer to something else.
 */
export function writeSystem(messages: readonly ChatMessage[], cache: CachePoints): SplitMessages {
  const first = messages.findIndex(({ role }) => role !== 'system')
  // A request of system messages alone still needs a turn to answer.
  if (first < 0) return { system: undefined, turns: messages.map(({ parts }) => ({ role: 'user', parts })) }
  const texts = messages.slice(0, first).flatMap(({ parts }) => parts.filter(isText))
  const system = texts.flatMap((part) => [{ text: part.text }, ...cache.afterPart(part)])
  const turns = messages.slice(first).map((message) => (message.role === 'system' ? asUser(message) : message))
  return { system: system.length === 0 ? undefined : system, turns }
}

const isText = (part: ContentPart): part is TextPart & CacheMark => part.type === 'text' && part.text.trim() !== ''

const asUser = ({ parts }: ChatMessage): ChatMessage => ({
  role: 'user',
  parts: parts.filter(isText).map(({ text }) => ({ type: 'text', text: `<system>\n${text}\n</system>` })),
})

interface Turn {
  readonly role: 'user' | 'assistant'
  readonly content: JsonObject[]
}

/** Writes alternating turns that begin with the user. Throws `invalid_request` when nothing is left to say. */
export function writeMessages(messages: readonly ChatMessage[], fitting: Fitting): JsonObject[] {
  const writer = new PartWriter(fitting)
  const turns: Turn[] = []
  for (const message of messages) {
    const role = message.role === 'assistant' ? 'assistant' : 'user'
    const content = message.parts.flatMap((part) => writer.writeMarked(part))
    if (content.length === 0) continue
    const last = turns.at(-1)
    if (last?.role === role) last.content.push(...content)
    else turns.push({ role, content })
  }
  if (turns.length === 0) throw new GatewayError('invalid_request', { detail: '"messages" holds no content.' })
  if (turns[0]?.role === 'assistant') turns.unshift({ role: 'user', content: [{ text: '.' }] })
  for (const turn of turns) finishTurn(turn)
  trimPrefill(turns.at(-1))
  return turns.map(({ role, content }) => ({ role, content }))
}

function finishTurn({ role, content }: Turn): void {
  if (role === 'assistant') return
  // The results of one turn's calls must stand together, before anything else.
  content.sort((a, b) => Number('toolResult' in b) - Number('toolResult' in a))
  // A document is accepted beside text only.
  if (content.some((block) => 'document' in block) && !content.some((block) => 'text' in block)) {
    content.push({ text: '.' })
  }
}

// An assistant turn at the end is where the model goes on; white space at its end is refused.
function trimPrefill(last: Turn | undefined): void {
  const block = last?.role === 'assistant' ? last.content.at(-1) : undefined
  if (typeof block?.text === 'string') block.text = block.text.trimEnd()
}

/** Writes the parts of one request. */
class PartWriter {
  readonly #fitting: Fitting
  readonly #documents = new DocumentNames()

  constructor(fitting: Fitting) {
    this.#fitting = fitting
  }

  /** The blocks of a part of a turn, and the cache point that it asks for. */
  writeMarked(part: ContentPart): JsonObject[] {
    const blocks = this.#write(part)
    return blocks.length === 0 ? [] : [...blocks, ...this.#fitting.cache.afterPart(part)]
  }

  #write(part: ContentPart): JsonObject[] {
    switch (part.type) {
      case 'text':
      case 'refusal':
        return part.text.trim() === '' ? [] : [{ text: part.text }]
      case 'image':
        return this.#orDrop(imageBlock(part.source), 'image')
      case 'file':
        return this.#orDrop(fileBlock(part, this.#documents), 'file')
      case 'tool_call': {
        const { id, name, arguments: text } = part
        return [
          { toolUse: { toolUseId: toolId(id), name: this.#fitting.names.send(name), input: argumentsObject(text) } },
        ]
      }
      case 'tool_result':
        return [this.#toolResult(part)]
      case 'redacted':
        return [{ reasoningContent: { redactedContent: part.data } }]
      case 'reasoning':
        return this.#orDrop(reasoningBlock(part.text, part.signature), 'reasoning_content')
      case 'audio':
        return this.#orDrop(undefined, 'input_audio')
      case 'unknown':
        return this.#orDrop(undefined, part.kind)
    }
  }

  #orDrop(block: JsonObject | undefined, name: string): JsonObject[] {
    if (block === undefined) this.#fitting.losses.drop(name)
    return block === undefined ? [] : [block]
  }

  #toolResult(part: ToolResultPart): JsonObject {
    const content = part.parts.flatMap((inner) => this.#write(inner))
    for (const inner of part.parts) this.#fitting.cache.lose(inner)
    const status = part.isError ? { status: 'error' } : {}
    return { toolResult: { toolUseId: toolId(part.callId), content, ...status } }
  }
}

// Without its seal the models refuse it.
const reasoningBlock = (text: string, signature: string | undefined): JsonObject | undefined =>
  signature ? { reasoningContent: { reasoningText: { text, signature } } } : undefined

// The vendor accepts [A-Za-z0-9_-]{1,64} only; ids come from whichever vendor made the call.
const toolId = (id: string): string => (id === '' ? 'call' : id.replace(/[^A-Za-z0-9_-]/g, '_').slice(0, 64))
