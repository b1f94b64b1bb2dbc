import type { JsonObject } from '@konnect/contract'
import { dataUrlOf } from '../../canonical/media.ts'
import { joinText, separateResults, unsealedReasoning } from '../../canonical/plain-text.ts'
import type { ChatMessage, ContentPart, MediaSource, ToolResultPart } from '../../canonical/request.ts'
import type { ToolNames } from '../../canonical/tool-names.ts'
import { compact } from '../../json/access.ts'
import type { LossRecorder } from '../../loss.ts'
import { writeCalls } from '../../openai/calls-out.ts'

/** Writes the messages of a request. One canonical message may become several: tool results are messages of their own. */
export function writeMessages(messages: readonly ChatMessage[], names: ToolNames, losses: LossRecorder): JsonObject[] {
  return messages.flatMap((message) => {
    switch (message.role) {
      case 'system':
        return writeSystem(message)
      case 'assistant':
        return writeAssistant(message, names, losses)
      default:
        return writeUser(message, losses)
    }
  })
}

function writeSystem(message: ChatMessage): JsonObject[] {
  const content = joinText(message.parts, '\n\n')
  return content === '' ? [] : [{ role: 'system', content }]
}

function writeUser(message: ChatMessage, losses: LossRecorder): JsonObject[] {
  const { results, shown } = separateResults(message.parts)
  const content = shown.flatMap((part) => writePart(part, losses))
  const messages = results.map((result) => writeToolResult(result, losses))
  const [only] = content
  if (only === undefined) return messages
  return [
    ...messages,
    { role: 'user', content: content.length === 1 && only.type === 'text' ? (only.text ?? '') : content },
  ]
}

function writeToolResult(result: ToolResultPart, losses: LossRecorder): JsonObject {
  if (result.isError) losses.drop('tool_result.is_error')
  return { role: 'tool', tool_call_id: result.callId, content: joinText(result.parts, '\n') }
}

function writeAssistant(message: ChatMessage, names: ToolNames, losses: LossRecorder): JsonObject[] {
  const text = joinText(message.parts, '')
  const calls = message.parts.filter((part) => part.type === 'tool_call')
  const reasoning = unsealedReasoning(message.parts, losses)
  for (const part of message.parts) if (part.type === 'unknown') losses.drop(part.kind)
  if (text === '' && calls.length === 0) return []
  return [
    compact({
      role: 'assistant',
      content: text === '' ? null : text,
      reasoning_content: reasoning === '' ? undefined : reasoning,
      tool_calls: writeCalls(calls, names),
    }),
  ]
}

function writePart(part: ContentPart, losses: LossRecorder): JsonObject[] {
  switch (part.type) {
    case 'text':
    case 'refusal':
      return part.text === '' ? [] : [{ type: 'text', text: part.text }]
    case 'image': {
      const url = urlOf(part.source)
      if (url === undefined) losses.drop('image')
      return url === undefined ? [] : [{ type: 'image_url', image_url: { url } }]
    }
    case 'audio':
      return [{ type: 'input_audio', input_audio: { data: part.data, format: part.format } }]
    case 'file':
      return writeFile(part.source, part.name, losses)
    case 'unknown':
      losses.drop(part.kind)
      return []
    default:
      return []
  }
}

function writeFile(source: MediaSource, name: string | undefined, losses: LossRecorder): JsonObject[] {
  if (source.kind === 'text')
    return [{ type: 'text', text: name === undefined ? source.text : `${name}\n${source.text}` }]
  if (source.kind === 'base64') {
    const filename = name ?? `document.${source.mediaType.split('/').at(-1) ?? 'bin'}`
    return [{ type: 'file', file: { filename, file_data: dataUrlOf(source.mediaType, source.data) } }]
  }
  losses.drop('document')
  return []
}

function urlOf(source: MediaSource): string | undefined {
  if (source.kind === 'url') return source.url
  return source.kind === 'base64' ? dataUrlOf(source.mediaType, source.data) : undefined
}
