import { GatewayError, isJsonObject, type JsonObject } from '@konnect/contract'
import {
  CACHE_CONTROL,
  type CacheMark,
  type ChatMessage,
  type ContentPart,
  type MediaSource,
} from '../../canonical/request.ts'
import { argumentsText } from '../../canonical/tool-arguments.ts'
import { objectOf, objectsOf, textOf } from '../../json/access.ts'

const ROLES = new Set<unknown>(['user', 'assistant', 'system'])

/** Reads the messages of a request; names of what had to be left out go to `losses`. Throws `invalid_request`. */
export function readMessages(messages: readonly unknown[], losses: string[]): ChatMessage[] {
  return messages.map((message, index) => {
    if (!isJsonObject(message)) {
      throw new GatewayError('invalid_request', { detail: `"messages[${index}]" must be an object.` })
    }
    if (!ROLES.has(message.role)) {
      throw new GatewayError('invalid_request', { detail: `"messages[${index}].role" must be "user" or "assistant".` })
    }
    return { role: message.role as ChatMessage['role'], parts: readBlocks(message.content, losses) }
  })
}

/** Reads content: text, or a list of blocks. */
export function readBlocks(content: unknown, losses: string[]): ContentPart[] {
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', text: content }]
  return objectsOf(content).flatMap((block) => {
    const parts = readBlock(block, losses)
    const mark = readCacheMark(block, losses)
    const last = parts.at(-1)
    return last === undefined ? parts : [...parts.slice(0, -1), { ...last, ...mark }]
  })
}

/** Reads `cache_control`. Vendors without such marks lose it, so it counts as a loss unless they take it back. */
export function readCacheMark(holder: JsonObject, losses: string[]): CacheMark {
  const { cache_control: control } = holder
  if (control === undefined || control === null) return {}
  losses.push(CACHE_CONTROL)
  return { cacheFor: objectOf(control).ttl === '1h' ? '1h' : '5m' }
}

function readBlock(block: JsonObject, losses: string[]): ContentPart[] {
  switch (block.type) {
    case 'text':
      return block.text === '' ? [] : [{ type: 'text', text: textOf(block.text) ?? '' }]
    case 'image':
      return [{ type: 'image', source: readSource(objectOf(block.source)) }]
    case 'document':
      return readDocument(block, losses)
    case 'search_result':
      return [{ type: 'text', text: searchResultText(block) }]
    case 'thinking': {
      const signature = textOf(block.signature)
      return [{ type: 'reasoning', text: textOf(block.thinking) ?? '', ...(signature ? { signature } : {}) }]
    }
    case 'redacted_thinking':
      return [{ type: 'redacted', data: textOf(block.data) ?? '' }]
    case 'tool_use':
      return [readToolUse(block)]
    case 'tool_result':
      return [
        {
          type: 'tool_result',
          callId: textOf(block.tool_use_id) ?? '',
          parts: readBlocks(block.content, losses),
          isError: block.is_error === true,
        },
      ]
    default:
      return [{ type: 'unknown', kind: textOf(block.type) ?? 'unknown' }]
  }
}

/** Reads a call of the client's tools. */
export const readToolUse = (block: JsonObject): ContentPart & { readonly type: 'tool_call' } => ({
  type: 'tool_call',
  id: textOf(block.id) ?? '',
  name: textOf(block.name) ?? '',
  arguments: argumentsText(block.input),
})

function readDocument(block: JsonObject, losses: string[]): ContentPart[] {
  const source = objectOf(block.source)
  if (objectOf(block.citations).enabled === true) losses.push('citations')
  if (source.type === 'content') return readBlocks(source.content, losses)
  const name = textOf(block.title)
  return [{ type: 'file', source: readSource(source), ...(name === undefined ? {} : { name }) }]
}

function readSource(source: JsonObject): MediaSource {
  const data = textOf(source.data) ?? ''
  switch (source.type) {
    case 'base64':
      return { kind: 'base64', mediaType: textOf(source.media_type) ?? 'application/octet-stream', data }
    case 'text':
      return { kind: 'text', text: data }
    case 'file':
      return { kind: 'file', id: textOf(source.file_id) ?? '' }
    default:
      return { kind: 'url', url: textOf(source.url) ?? '' }
  }
}

const searchResultText = (block: JsonObject): string =>
  [textOf(block.title), textOf(block.source), ...objectsOf(block.content).map((part) => textOf(part.text))]
    .filter((line) => line !== undefined)
    .join('\n')
