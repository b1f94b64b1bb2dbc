import { GatewayError, type JsonObject } from '@konnect/contract'
import { dataUrlOf } from '../../canonical/media.ts'
import { fileText, joinText, separateResults, unsealedReasoning } from '../../canonical/plain-text.ts'
import type { ChatMessage, ContentPart, MediaSource, ToolResultPart } from '../../canonical/request.ts'
import type { ToolNames } from '../../canonical/tool-names.ts'
import { compact } from '../../json/access.ts'
import type { LossRecorder } from '../../loss.ts'
import { writeCalls } from '../../openai/calls-out.ts'

/** Writes the messages of a request; tool results are messages of their own. Throws `invalid_request` when nothing is said. */
export function writeMessages(messages: readonly ChatMessage[], names: ToolNames, losses: LossRecorder): JsonObject[] {
  const written = messages.flatMap((message) => {
    switch (message.role) {
      case 'system':
        return writeSystem(message)
      case 'assistant':
        return writeAssistant(message, names, losses)
      default:
        return writeUser(message, losses)
    }
  })
  if (written.length === 0) throw new GatewayError('invalid_request', { detail: '"messages" holds no content.' })
  return written
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
  const isPlain = content.length === 1 && only.type === 'text'
  return [...messages, { role: 'user', content: isPlain ? (only.text ?? '') : content }]
}

function writeToolResult(result: ToolResultPart, losses: LossRecorder): JsonObject {
  if (result.isError) losses.drop('tool_result.is_error')
  return { role: 'tool', tool_call_id: result.callId, content: joinText(result.parts, '\n') }
}

function writeAssistant(message: ChatMessage, names: ToolNames, losses: LossRecorder): JsonObject[] {
  const text = joinText(message.parts, '')
  const calls = message.parts.filter((part) => part.type === 'tool_call')
  // What was thought before a call is this dialect's plan.
  const plan = unsealedReasoning(message.parts, losses)
  for (const part of message.parts) if (part.type === 'unknown') losses.drop(part.kind)
  if (calls.length === 0) {
    if (plan !== '') losses.drop('reasoning_content')
    return text === '' ? [] : [{ role: 'assistant', content: text }]
  }
  return [
    compact({
      role: 'assistant',
      content: text === '' ? undefined : text,
      tool_plan: plan === '' ? undefined : plan,
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
    case 'file': {
      const text = fileText(part.source, part.name)
      if (text === undefined) losses.drop('file')
      return text ? [{ type: 'text', text }] : []
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

function urlOf(source: MediaSource): string | undefined {
  if (source.kind === 'url') return source.url
  return source.kind === 'base64' ? dataUrlOf(source.mediaType, source.data) : undefined
}
