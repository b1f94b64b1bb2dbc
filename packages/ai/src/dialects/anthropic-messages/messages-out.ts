import type { JsonObject } from '@konnect/contract'
import { GatewayError } from '@konnect/contract'
import type { ChatMessage, ContentPart, MediaSource, TextPart, ToolResultPart } from '../../canonical/request.ts'
import { isMarkedSeal } from '../../canonical/seal.ts'
import { argumentsObject } from '../../canonical/tool-arguments.ts'
import type { ToolNames } from '../../canonical/tool-names.ts'
import type { LossRecorder } from '../../loss.ts'

/** System text and the turns that remain. */
export interface SplitMessages {
  readonly system: JsonObject[] | undefined
  readonly turns: readonly ChatMessage[]
}

/**
 * Leading system messages become `system`. Later ones keep their place, as user text in `<system>` tags: moving them up
 * would change what they refer to and break the prompt cache.
 */
export function writeSystem(messages: readonly ChatMessage[]): SplitMessages {
  const first = messages.findIndex((message) => message.role !== 'system')
  // A request of system messages alone still needs a turn to answer.
  if (first < 0) return { system: undefined, turns: messages.map(({ parts }) => ({ role: 'user', parts })) }
  const system = messages.slice(0, first).flatMap(({ parts }) => parts.filter(isText).map(textBlock))
  const turns = messages
    .slice(first)
    .map((message): ChatMessage => (message.role === 'system' ? asUser(message) : message))
  return { system: system.length === 0 ? undefined : system, turns }
}

const isText = (part: ContentPart): part is TextPart => part.type === 'text' && part.text.trim() !== ''

const textBlock = (part: TextPart): JsonObject => ({ type: 'text', text: part.text })

const asUser = (message: ChatMessage): ChatMessage => ({
  role: 'user',
  parts: message.parts.filter(isText).map(({ text }) => ({ type: 'text', text: `<system>\n${text}\n</system>` })),
})

/** Writes alternating turns. Throws `invalid_request` when nothing is left to say. */
export function writeMessages(messages: readonly ChatMessage[], names: ToolNames, losses: LossRecorder): JsonObject[] {
  const turns: { role: 'user' | 'assistant'; content: JsonObject[] }[] = []
  for (const message of messages) {
    const role = message.role === 'assistant' ? 'assistant' : 'user'
    const content = message.parts.flatMap((part) => writePart(part, names, losses))
    if (content.length === 0) continue
    const last = turns.at(-1)
    if (last?.role === role) last.content.push(...content)
    else turns.push({ role, content })
  }
  if (turns.length === 0) throw new GatewayError('invalid_request', { detail: '"messages" holds no content.' })
  if (turns[0]?.role === 'assistant') turns.unshift({ role: 'user', content: [{ type: 'text', text: '.' }] })
  for (const turn of turns) if (turn.role === 'user') turn.content.sort(byToolResultFirst)
  trimPrefill(turns.at(-1))
  return turns
}

// The results of one turn's calls must stand together, before anything else.
const byToolResultFirst = (a: JsonObject, b: JsonObject): number =>
  Number(b.type === 'tool_result') - Number(a.type === 'tool_result')

// An assistant turn at the end is where the model goes on; the vendor refuses white space at its end.
function trimPrefill(last: { role: string; content: JsonObject[] } | undefined): void {
  const block = last?.role === 'assistant' ? last.content.at(-1) : undefined
  if (block?.type === 'text' && typeof block.text === 'string') block.text = block.text.trimEnd()
}

function writePart(part: ContentPart, names: ToolNames, losses: LossRecorder): JsonObject[] {
  switch (part.type) {
    case 'text':
    case 'refusal':
      return part.text.trim() === '' ? [] : [{ type: 'text', text: part.text }]
    case 'image':
      return writeImage(part.source, losses)
    case 'file':
      return writeFile(part.source, part.name, losses)
    case 'tool_call':
      return [
        { type: 'tool_use', id: toolId(part.id), name: names.send(part.name), input: argumentsObject(part.arguments) },
      ]
    case 'tool_result':
      return [writeToolResult(part, names, losses)]
    case 'redacted':
      if (!isMarkedSeal(part.data)) return [{ type: 'redacted_thinking', data: part.data }]
      losses.drop('thinking_signature')
      return []
    case 'reasoning':
      if (part.signature && isMarkedSeal(part.signature)) {
        losses.drop('thinking_signature')
        return []
      }
      if (part.signature) return [{ type: 'thinking', thinking: part.text, signature: part.signature }]
      losses.drop('reasoning_content')
      return []
    case 'audio':
      losses.drop('input_audio')
      return []
    case 'unknown':
      losses.drop(part.kind)
      return []
  }
}

// The vendor accepts [A-Za-z0-9_-] only; ids come from whichever vendor made the call.
const toolId = (id: string): string => (id === '' ? 'call' : id.replace(/[^A-Za-z0-9_-]/g, '_'))

function writeToolResult(part: ToolResultPart, names: ToolNames, losses: LossRecorder): JsonObject {
  const content = part.parts.flatMap((inner) => writePart(inner, names, losses))
  return {
    type: 'tool_result',
    tool_use_id: toolId(part.callId),
    ...(content.length === 0 ? {} : { content }),
    ...(part.isError ? { is_error: true } : {}),
  }
}

const IMAGE_TYPES = new Set(['image/jpeg', 'image/png', 'image/gif', 'image/webp'])

function writeImage(source: MediaSource, losses: LossRecorder): JsonObject[] {
  if (source.kind === 'url' && /^https?:/i.test(source.url)) {
    return [{ type: 'image', source: { type: 'url', url: source.url } }]
  }
  if (source.kind === 'base64') {
    const mediaType = source.mediaType === 'image/jpg' ? 'image/jpeg' : source.mediaType
    if (IMAGE_TYPES.has(mediaType)) return [{ type: 'image', source: base64(mediaType, source.data) }]
  }
  losses.drop('image')
  return []
}

const base64 = (mediaType: string, data: string): JsonObject => ({ type: 'base64', media_type: mediaType, data })

function writeFile(source: MediaSource, name: string | undefined, losses: LossRecorder): JsonObject[] {
  const title = name === undefined ? {} : { title: name }
  const document = documentSource(source)
  if (document !== undefined) return [{ type: 'document', source: document, ...title }]
  if (source.kind === 'base64' && IMAGE_TYPES.has(source.mediaType)) return writeImage(source, losses)
  losses.drop('file')
  return []
}

function documentSource(source: MediaSource): JsonObject | undefined {
  if (source.kind === 'text') return { type: 'text', media_type: 'text/plain', data: source.text }
  if (source.kind === 'url') return /^https?:/i.test(source.url) ? { type: 'url', url: source.url } : undefined
  if (source.kind !== 'base64') return undefined
  if (source.mediaType === 'application/pdf') return base64(source.mediaType, source.data)
  if (!source.mediaType.startsWith('text/')) return undefined
  return { type: 'text', media_type: 'text/plain', data: Buffer.from(source.data, 'base64').toString() }
}
