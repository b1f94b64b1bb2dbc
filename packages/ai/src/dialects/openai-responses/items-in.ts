import { GatewayError, isJsonObject, type JsonObject } from '@konnect/contract'
import type { ChatMessage, ContentPart, ToolCallPart } from '../../canonical/request.ts'
import { textOf } from '../../json/access.ts'
import { stringifyExact } from '../../json/numbers.ts'
import { readContent } from './content-in.ts'
import { readReasoning } from './reasoning.ts'

/** One item of the input. What one answer consists of stands in several items, and so do the results of its calls. */
interface InputItem {
  readonly kind: 'message' | 'answer' | 'result'
  readonly role: ChatMessage['role']
  readonly parts: readonly ContentPart[]
}

/** A message that grows while its items are read. */
interface Turn {
  readonly kind: InputItem['kind']
  readonly role: ChatMessage['role']
  readonly parts: ContentPart[]
  hasText: boolean
}

/** Items that stand for something that only the vendor has. */
const STORED = new Set<unknown>(['item_reference', 'compaction'])

const ROLES: ReadonlyMap<unknown, ChatMessage['role']> = new Map<unknown, ChatMessage['role']>([
  ['user', 'user'],
  ['assistant', 'assistant'],
  ['system', 'system'],
  ['developer', 'system'],
])

/**
 * Reads the items of the input; names of what had to be left out go to `losses`. The items of one answer become one
 * message, and so do the results of its calls. Throws `invalid_request`, and `unsupported_feature` for items that stand
 * for what is stored at a vendor.
 */
export function readItems(items: readonly unknown[], losses: string[]): ChatMessage[] {
  const turns: Turn[] = []
  items.forEach((item, index) => {
    if (!isJsonObject(item)) {
      throw new GatewayError('invalid_request', { detail: `"input[${index}]" must be an object.` })
    }
    const read = readItem(item, index, losses)
    if (read.parts.length === 0) return
    const last = turns.at(-1)
    if (last !== undefined && continues(last, read)) last.parts.push(...read.parts)
    else turns.push({ kind: read.kind, role: read.role, parts: [...read.parts], hasText: false })
    const turn = turns.at(-1)
    if (turn && read.kind === 'message') turn.hasText = true
  })
  return turns.map(({ role, parts }) => ({ role, parts }))
}

// Two messages of the assistant stay two, unless calls stand before the second: their results must follow directly.
function continues(turn: Turn, item: InputItem): boolean {
  if (item.role !== turn.role) return false
  if (item.role !== 'assistant') return item.kind === 'result' && turn.kind === 'result'
  return item.kind !== 'message' || !turn.hasText || turn.parts.some((part) => part.type === 'tool_call')
}

function readItem(item: JsonObject, index: number, losses: string[]): InputItem {
  if (STORED.has(item.type)) throw stored(`"input[${index}]" of type "${textOf(item.type)}"`)
  switch (item.type) {
    case undefined:
    case 'message':
      return { kind: 'message', role: roleOf(item, index), parts: readContent(item.content, losses) }
    case 'reasoning':
      return { kind: 'answer', role: 'assistant', parts: readReasoning(item) }
    case 'function_call':
    case 'custom_tool_call':
      return { kind: 'answer', role: 'assistant', parts: [readCall(item)] }
    case 'function_call_output':
    case 'custom_tool_call_output':
      return { kind: 'result', role: 'user', parts: [readResult(item, losses)] }
    default:
      return { kind: 'answer', role: 'assistant', parts: [{ type: 'unknown', kind: textOf(item.type) ?? 'unknown' }] }
  }
}

/** The refusal of what only the vendor that stored it could answer. */
export const stored = (what: string): GatewayError =>
  new GatewayError('unsupported_feature', {
    detail:
      `${what} refers to what another vendor has stored, which the chosen model cannot see. ` +
      'Send the whole conversation in "input", with "store": false.',
  })

function roleOf(item: JsonObject, index: number): ChatMessage['role'] {
  const role = ROLES.get(item.role)
  if (role !== undefined) return role
  throw new GatewayError('invalid_request', {
    detail: `"input[${index}].role" must be one of: user, assistant, system, developer.`,
  })
}

/** True for calls that the client is to run, its custom tools included. */
export const isCall = (item: JsonObject): boolean => item.type === 'function_call' || isCustom(item)

/** True for calls whose arguments are free text: elsewhere that is an object with one member, `input`. */
export const isCustom = (item: JsonObject): boolean => item.type === 'custom_tool_call'

/** What a call says, as it stands in its item. */
export function callText(item: JsonObject): string {
  const given = isCustom(item) ? item.input : item.arguments
  return typeof given === 'string' ? given : given === undefined || given === null ? '' : stringifyExact(given)
}

/** Reads one call of the client's tools. */
export function readCall(item: JsonObject): ToolCallPart {
  const text = callText(item)
  return {
    type: 'tool_call',
    id: textOf(item.call_id) ?? textOf(item.id) ?? '',
    name: textOf(item.name) ?? '',
    arguments: isCustom(item) ? JSON.stringify({ input: text }) : text,
  }
}

const readResult = (item: JsonObject, losses: string[]): ContentPart => ({
  type: 'tool_result',
  callId: textOf(item.call_id) ?? '',
  parts: readContent(item.output, losses),
  isError: false,
})
