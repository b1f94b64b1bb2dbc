import type { Json, JsonObject } from '@konnect/contract'
import { dataUrlOf } from '../../canonical/media.ts'
import type {
  ChatMessage,
  ContentPart,
  MediaSource,
  ReasoningPart,
  RedactedPart,
  ToolResultPart,
} from '../../canonical/request.ts'
import type { ToolNames } from '../../canonical/tool-names.ts'
import { compact } from '../../json/access.ts'
import type { LossRecorder } from '../../loss.ts'
import { ownContent } from './reasoning.ts'

/** System text at the start and the items that follow it. */
export interface WrittenInput {
  readonly instructions: string | undefined
  readonly input: readonly JsonObject[]
}

/** Writes a conversation. Leading system messages become instructions, unless nothing follows them. */
export function writeInput(messages: readonly ChatMessage[], names: ToolNames, losses: LossRecorder): WrittenInput {
  const first = messages.findIndex((message) => message.role !== 'system')
  const leading = first < 0 ? [] : messages.slice(0, first)
  const instructions = leading.flatMap(({ parts }) => parts.flatMap(plainText)).join('\n\n')
  const rest = messages.slice(leading.length)
  return {
    instructions: instructions === '' ? undefined : instructions,
    input: rest.flatMap((message) => writeItems(message, names, losses)),
  }
}

const plainText = (part: ContentPart): string[] => (part.type === 'text' && part.text !== '' ? [part.text] : [])

/** Writes one message: calls, their results and reasoning are items of their own, in place. */
function writeItems({ role, parts }: ChatMessage, names: ToolNames, losses: LossRecorder): JsonObject[] {
  const items: JsonObject[] = []
  let content: JsonObject[] = []
  const closeMessage = () => {
    if (content.length > 0) items.push({ type: 'message', role, content })
    content = []
  }
  for (const part of parts) {
    const item = writeItem(part, names, losses)
    if (item === undefined) {
      content.push(...(role === 'assistant' ? writeSaid(part, losses) : writeGiven(part, losses)))
      continue
    }
    closeMessage()
    items.push(...item)
  }
  closeMessage()
  return items
}

function writeItem(part: ContentPart, names: ToolNames, losses: LossRecorder): JsonObject[] | undefined {
  switch (part.type) {
    case 'tool_call':
      return [
        {
          type: 'function_call',
          call_id: part.id,
          name: names.send(part.name),
          arguments: part.arguments === '' ? '{}' : part.arguments,
        },
      ]
    case 'tool_result':
      return [writeResult(part, losses)]
    case 'reasoning':
    case 'redacted':
      return writeReasoning(part, losses)
    default:
      return undefined
  }
}

// A vendor of this dialect takes back only what it can decrypt. The id of the item is not needed where nothing is stored.
function writeReasoning(part: ReasoningPart | RedactedPart, losses: LossRecorder): JsonObject[] {
  const content = ownContent(part)
  if (content === undefined) {
    losses.drop(part.type === 'reasoning' && !part.signature ? 'reasoning_content' : 'thinking_signature')
    return []
  }
  const summary = part.type === 'redacted' ? [] : [{ type: 'summary_text', text: part.text }]
  return [{ type: 'reasoning', summary, encrypted_content: content }]
}

function writeResult(result: ToolResultPart, losses: LossRecorder): JsonObject {
  if (result.isError) losses.drop('tool_result.is_error')
  const output = result.parts.flatMap((part) => writeGiven(part, losses))
  return { type: 'function_call_output', call_id: result.callId, output: plainOutput(output) }
}

function plainOutput(parts: JsonObject[]): Json {
  const [only, ...more] = parts
  if (only === undefined) return ''
  return more.length === 0 && only.type === 'input_text' ? (only.text ?? '') : parts
}

function writeSaid(part: ContentPart, losses: LossRecorder): JsonObject[] {
  if (part.type === 'text') return part.text === '' ? [] : [{ type: 'output_text', text: part.text }]
  if (part.type === 'refusal') return [{ type: 'refusal', refusal: part.text }]
  losses.drop(part.type === 'unknown' ? part.kind : part.type)
  return []
}

function writeGiven(part: ContentPart, losses: LossRecorder): JsonObject[] {
  switch (part.type) {
    case 'text':
    case 'refusal':
      return part.text === '' ? [] : [{ type: 'input_text', text: part.text }]
    case 'image': {
      const url = urlOf(part.source)
      if (url === undefined) losses.drop('image')
      return url === undefined ? [] : [{ type: 'input_image', image_url: url, detail: 'auto' }]
    }
    case 'file':
      return writeFile(part.source, part.name, losses)
    case 'audio':
      losses.drop('input_audio')
      return []
    case 'unknown':
      losses.drop(part.kind)
      return []
    default:
      return []
  }
}

function writeFile(source: MediaSource, name: string | undefined, losses: LossRecorder): JsonObject[] {
  switch (source.kind) {
    case 'text':
      return [{ type: 'input_text', text: name === undefined ? source.text : `${name}\n${source.text}` }]
    case 'url':
      return [compact({ type: 'input_file', filename: name, file_url: source.url })]
    case 'base64': {
      const filename = name ?? `document.${source.mediaType.split('/').at(-1) ?? 'bin'}`
      return [{ type: 'input_file', filename, file_data: dataUrlOf(source.mediaType, source.data) }]
    }
    default:
      losses.drop('file')
      return []
  }
}

function urlOf(source: MediaSource): string | undefined {
  if (source.kind === 'url') return source.url
  return source.kind === 'base64' ? dataUrlOf(source.mediaType, source.data) : undefined
}
