import { GatewayError, isJsonObject, type JsonObject } from '@konnect/contract'
import type { ChatMessage, ContentPart, ToolResultPart } from '../../canonical/request.ts'
import { camel, camelsOf } from '../../google/wire.ts'
import { objectOf, textOf } from '../../json/access.ts'
import { stringifyExact } from '../../json/numbers.ts'
import { CallIds } from './call-ids.ts'
import { readFileData, readInline } from './media.ts'
import { joinThoughts, readCall, readText, readThought } from './parts-in.ts'

const invalid = (detail: string) => new GatewayError('invalid_request', { detail })

/** Reads `systemInstruction`: a content, or bare text as some clients send it. */
export function readSystem(value: unknown): ChatMessage[] {
  const given = typeof value === 'string' ? [{ text: value }] : camelsOf(camel(value).parts)
  const texts = given.map(readText).filter((text) => text !== '')
  return texts.length === 0 ? [] : [{ role: 'system', parts: texts.map((text) => ({ type: 'text', text })) }]
}

/** Reads `contents`. Calls without an id get one, and results find theirs by name. Throws `invalid_request`. */
export function readContents(contents: readonly unknown[]): ChatMessage[] {
  const ids = new CallIds()
  return contents.map((content, index) => {
    if (!isJsonObject(content)) throw invalid(`"contents[${index}]" must be an object.`)
    const parts = camelsOf(content.parts).flatMap((part) => readPart(part, ids))
    return { role: readRole(content.role, index), parts: joinThoughts<ContentPart>(parts) }
  })
}

function readRole(role: unknown, index: number): ChatMessage['role'] {
  switch (role) {
    case undefined:
    case null:
    case '':
    case 'user':
    case 'function':
      return 'user'
    case 'model':
      return 'assistant'
    case 'system':
      return 'system'
    default:
      throw invalid(`"contents[${index}].role" must be "user" or "model".`)
  }
}

function readPart(part: JsonObject, ids: CallIds): ContentPart[] {
  const thought = readThought(part)
  const text = readText(part)
  if (text !== '') return [...thought, { type: 'text', text }]
  if (isJsonObject(part.inlineData)) return [...thought, readInline(part.inlineData)]
  if (isJsonObject(part.fileData)) return [...thought, readFileData(part.fileData)]
  if (isJsonObject(part.functionCall)) {
    const call = camel(part.functionCall)
    return [...thought, readCall(call, ids.ofCall(textOf(call.name) ?? '', textOf(call.id)))]
  }
  if (isJsonObject(part.functionResponse)) return [readResult(camel(part.functionResponse), ids)]
  const kind = Object.keys(part).find((key) => isJsonObject(part[key]))
  return kind === undefined ? thought : [...thought, { type: 'unknown', kind }]
}

function readResult(result: JsonObject, ids: CallIds): ToolResultPart {
  const { text, isError } = readAnswer(objectOf(result.response))
  return {
    type: 'tool_result',
    callId: ids.ofResult(textOf(result.name) ?? '', textOf(result.id)),
    parts: [
      ...(text === '' ? [] : [{ type: 'text' as const, text }]),
      ...camelsOf(result.parts).flatMap((part) => (isJsonObject(part.inlineData) ? [readInline(part.inlineData)] : [])),
    ],
    isError,
  }
}

// `output` and `error` are the vendor's words, `result` is what its clients write.
function readAnswer(response: JsonObject): { readonly text: string; readonly isError: boolean } {
  const [entry, ...more] = Object.entries(response)
  if (entry === undefined) return { text: '', isError: false }
  const [key, value] = entry
  const isWrapper = more.length === 0 && (key === 'output' || key === 'result' || key === 'error')
  if (!isWrapper) return { text: stringifyExact(response), isError: false }
  return { text: typeof value === 'string' ? value : stringifyExact(value), isError: key === 'error' }
}
