import { GatewayError, isJsonObject, type JsonObject } from '@konnect/contract'
import { parseDataUrl } from '../../canonical/media.ts'
import type { ChatMessage, ContentPart, MediaSource, ToolCallPart } from '../../canonical/request.ts'
import { objectOf, objectsOf, textOf } from '../../json/access.ts'
import { stringifyExact } from '../../json/numbers.ts'

/** Reads the messages of a request; names of what had to be left out go to `losses`. Throws `invalid_request`. */
export function readMessages(messages: readonly unknown[], losses: string[]): ChatMessage[] {
  const result: ChatMessage[] = []
  const lastFunctionCall = { id: '' }
  messages.forEach((message, index) => {
    if (!isJsonObject(message)) {
      throw new GatewayError('invalid_request', { detail: `"messages[${index}]" must be an object.` })
    }
    if (message.name !== undefined && message.role !== 'function') losses.push('messages.name')
    result.push(readMessage(message, index, lastFunctionCall, losses))
  })
  return result
}

function readMessage(
  message: JsonObject,
  index: number,
  lastFunctionCall: { id: string },
  losses: string[],
): ChatMessage {
  switch (message.role) {
    case 'system':
    case 'developer':
      return { role: 'system', parts: readContent(message.content, losses) }
    case 'user':
      return { role: 'user', parts: readContent(message.content, losses) }
    case 'assistant': {
      const parts = readAssistant(message, index, losses)
      if (isJsonObject(message.function_call)) lastFunctionCall.id = functionCallId(index)
      return { role: 'assistant', parts }
    }
    case 'tool':
      return toolResult(textOf(message.tool_call_id) ?? '', message.content, losses)
    case 'function':
      return toolResult(lastFunctionCall.id, message.content, losses)
    default:
      throw new GatewayError('invalid_request', {
        detail: `"messages[${index}].role" must be one of: system, developer, user, assistant, tool.`,
      })
  }
}

const functionCallId = (index: number): string => `call_${index}`

const toolResult = (callId: string, content: unknown, losses: string[]): ChatMessage => ({
  role: 'user',
  parts: [{ type: 'tool_result', callId, parts: readContent(content, losses), isError: false }],
})

function readAssistant(message: JsonObject, index: number, losses: string[]): ContentPart[] {
  const parts: ContentPart[] = [...readReasoning(message), ...readContent(message.content, losses)]
  const refusal = textOf(message.refusal)
  if (refusal) parts.push({ type: 'refusal', text: refusal })
  parts.push(...objectsOf(message.tool_calls).map(readToolCall))
  if (isJsonObject(message.function_call)) {
    parts.push(readToolCall({ id: functionCallId(index), function: message.function_call }))
  }
  return parts
}

/** Reads one call of an assistant message, custom tools included. */
export function readToolCall(call: JsonObject): ToolCallPart {
  const body = objectOf(call.function ?? call.custom)
  const given = body.arguments ?? body.input
  return {
    type: 'tool_call',
    id: textOf(call.id) ?? '',
    name: textOf(body.name) ?? '',
    arguments: typeof given === 'string' ? given : given === undefined || given === null ? '' : stringifyExact(given),
  }
}

/** Reads `thinking_blocks` (sealed, as this gateway writes them) or else the plain text of the reasoning. */
export function readReasoning(message: JsonObject): ContentPart[] {
  const blocks = objectsOf(message.thinking_blocks)
  if (blocks.length > 0) return blocks.flatMap(readThinkingBlock)
  const text = textOf(message.reasoning_content) ?? textOf(message.reasoning) ?? reasoningDetails(message)
  return text ? [{ type: 'reasoning', text }] : []
}

const reasoningDetails = (message: JsonObject): string =>
  objectsOf(message.reasoning_details)
    .map((detail) => textOf(detail.text) ?? '')
    .join('')

function readThinkingBlock(block: JsonObject): ContentPart[] {
  if (block.type === 'redacted_thinking') return [{ type: 'redacted', data: textOf(block.data) ?? '' }]
  const signature = textOf(block.signature)
  return [{ type: 'reasoning', text: textOf(block.thinking) ?? '', ...(signature ? { signature } : {}) }]
}

/** Reads `content`: text, or a list of parts. */
export function readContent(content: unknown, losses: string[]): ContentPart[] {
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', text: content }]
  return objectsOf(content).flatMap((part) => readPart(part, losses))
}

function readPart(part: JsonObject, losses: string[]): ContentPart[] {
  switch (part.type) {
    case 'text':
      return part.text === '' ? [] : [{ type: 'text', text: textOf(part.text) ?? '' }]
    case 'refusal':
      return [{ type: 'refusal', text: textOf(part.refusal) ?? '' }]
    case 'thinking':
      return [
        {
          type: 'reasoning',
          text: objectsOf(part.thinking)
            .map((inner) => textOf(inner.text) ?? '')
            .join(''),
        },
      ]
    case 'image_url': {
      const image: JsonObject = isJsonObject(part.image_url) ? part.image_url : { url: part.image_url ?? null }
      if (image.detail !== undefined && image.detail !== 'auto') losses.push('image_url.detail')
      return [{ type: 'image', source: sourceOfUrl(textOf(image.url) ?? '') }]
    }
    case 'input_audio': {
      const audio = objectOf(part.input_audio)
      return [{ type: 'audio', format: textOf(audio.format) ?? '', data: textOf(audio.data) ?? '' }]
    }
    case 'file':
      return [readFile(objectOf(part.file))]
    default:
      return [{ type: 'unknown', kind: textOf(part.type) ?? 'unknown' }]
  }
}

function readFile(file: JsonObject): ContentPart {
  const id = textOf(file.file_id)
  const name = textOf(file.filename)
  const source: MediaSource = id === undefined ? sourceOfUrl(textOf(file.file_data) ?? '') : { kind: 'file', id }
  return { type: 'file', source, ...(name === undefined ? {} : { name }) }
}

const sourceOfUrl = (url: string): MediaSource => parseDataUrl(url) ?? { kind: 'url', url }
