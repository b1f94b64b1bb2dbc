import { GatewayError } from '@konnect/contract'
import { fileText } from '../../canonical/plain-text.ts'
import type { ChatMessage, ContentPart } from '../../canonical/request.ts'
import type { LossRecorder } from '../../loss.ts'

/**
 * Writes a conversation as one prompt: the text of a single user message as it is, otherwise what everyone said, in order
 * and without who said it, which is a loss. Throws `invalid_request` when nothing is said.
 */
export function writePrompt(messages: readonly ChatMessage[], losses: LossRecorder): string {
  const said = messages
    .map(({ role, parts }) => ({ role, text: parts.flatMap((part) => writePart(part, losses)).join('\n') }))
    .filter(({ text }) => text !== '')
  if (said.length === 0) throw new GatewayError('invalid_request', { detail: '"messages" holds no content.' })
  if (said.length > 1 || said[0]?.role !== 'user') losses.drop('messages')
  return said.map(({ text }) => text).join('\n\n')
}

function writePart(part: ContentPart, losses: LossRecorder): string[] {
  if (part.type === 'text' || part.type === 'refusal') return [part.text]
  const file = part.type === 'file' ? fileText(part.source, part.name) : undefined
  if (file === undefined) losses.drop(lossOf(part))
  return file === undefined ? [] : [file]
}

function lossOf(part: ContentPart): string {
  switch (part.type) {
    case 'tool_call':
    case 'tool_result':
      return 'tools'
    case 'audio':
      return 'input_audio'
    case 'redacted':
      return 'thinking_signature'
    case 'reasoning':
      return part.signature ? 'thinking_signature' : 'reasoning_content'
    case 'unknown':
      return part.kind
    default:
      return part.type
  }
}
