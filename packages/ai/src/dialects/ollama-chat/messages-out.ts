import { GatewayError, type JsonObject } from '@konnect/contract'
import { fileText, joinText, separateResults, unsealedReasoning } from '../../canonical/plain-text.ts'
import type { ChatMessage, ContentPart, ToolResultPart } from '../../canonical/request.ts'
import { argumentsObject } from '../../canonical/tool-arguments.ts'
import { compact } from '../../json/access.ts'
import type { LossRecorder } from '../../loss.ts'

/** Writes the messages of a request; tool results are messages of their own. Throws `invalid_request` when nothing is said. */
export function writeMessages(messages: readonly ChatMessage[], losses: LossRecorder): JsonObject[] {
  // Results name the tool, not the call.
  const called = new Map<string, string>()
  const written = messages.flatMap((message) => {
    for (const part of message.parts) if (part.type === 'tool_call') called.set(part.id, part.name)
    if (message.role === 'assistant') return writeAssistant(message, losses)
    return message.role === 'system' ? writeSystem(message) : writeUser(message, called, losses)
  })
  if (written.length === 0) throw new GatewayError('invalid_request', { detail: '"messages" holds no content.' })
  return written
}

function writeSystem(message: ChatMessage): JsonObject[] {
  const content = joinText(message.parts, '\n\n')
  return content === '' ? [] : [{ role: 'system', content }]
}

function writeUser(message: ChatMessage, called: ReadonlyMap<string, string>, losses: LossRecorder): JsonObject[] {
  const { results, shown } = separateResults(message.parts)
  const text = shown.flatMap((part) => textOf(part, losses)).join('\n\n')
  const images = shown.flatMap((part) => imageOf(part, losses))
  const messages = results.map((result) => writeToolResult(result, called, losses))
  if (text === '' && images.length === 0) return messages
  return [...messages, compact({ role: 'user', content: text, images: images.length === 0 ? undefined : images })]
}

function writeToolResult(
  result: ToolResultPart,
  called: ReadonlyMap<string, string>,
  losses: LossRecorder,
): JsonObject {
  if (result.isError) losses.drop('tool_result.is_error')
  return compact({
    role: 'tool',
    content: joinText(result.parts, '\n'),
    tool_name: called.get(result.callId),
    tool_call_id: result.callId,
  })
}

function writeAssistant(message: ChatMessage, losses: LossRecorder): JsonObject[] {
  const content = joinText(message.parts, '')
  const calls = message.parts.filter((part) => part.type === 'tool_call')
  const thinking = unsealedReasoning(message.parts, losses)
  for (const part of message.parts) if (part.type === 'unknown') losses.drop(part.kind)
  if (content === '' && calls.length === 0) return []
  return [
    compact({
      role: 'assistant',
      content,
      thinking: thinking === '' ? undefined : thinking,
      tool_calls:
        calls.length === 0
          ? undefined
          : calls.map(({ id, name, arguments: text }) => ({
              id,
              function: { name, arguments: argumentsObject(text) },
            })),
    }),
  ]
}

function textOf(part: ContentPart, losses: LossRecorder): string[] {
  switch (part.type) {
    case 'text':
    case 'refusal':
      return part.text === '' ? [] : [part.text]
    case 'file': {
      const text = fileText(part.source, part.name)
      if (text === undefined) losses.drop('file')
      return text ? [text] : []
    }
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

// The server fetches nothing: only images that are at hand can be shown.
function imageOf(part: ContentPart, losses: LossRecorder): string[] {
  if (part.type !== 'image') return []
  if (part.source.kind === 'base64') return [part.source.data]
  losses.drop('image')
  return []
}
