import type { Json, JsonObject, Usage } from '@konnect/contract'
import type { ImagePart } from '../../canonical/request.ts'
import type { AnswerIdentity, AnswerPart, ChatResponse, SpeechPart } from '../../canonical/response.ts'
import { type Ending, writeFinish } from './finish.ts'
import { callItem, type ItemStatus, imageItem, messageItem, messagePart, reasoningItem } from './output-items.ts'
import { foreignContent } from './reasoning.ts'
import { writeUsage } from './usage.ts'

/** Writes a `response`. */
export function writeResponse(response: ChatResponse, identity: AnswerIdentity): JsonObject {
  const ending = writeFinish(response.finishReason)
  const groups = groupsOf(response.parts)
  const output = groups.map((group, index) => {
    const isCutOff = ending.status === 'incomplete' && index === groups.length - 1
    return writeGroup(group, `${identity.requestId}_${index}`, isCutOff ? 'incomplete' : 'completed')
  })
  return responseObject(identity, { ending, output, usage: response.usage, error: failureOf(ending) })
}

/** What a response object says of an answer so far. */
export interface ResponseState {
  readonly ending: Ending
  readonly output: JsonObject[]
  readonly usage: Usage | null
  readonly error: Json
}

/** A response object. What it repeats of the request stands at its default: the vendor got it in other words. */
export function responseObject(identity: AnswerIdentity, { ending, output, usage, error }: ResponseState): JsonObject {
  return {
    id: `resp_${identity.requestId}`,
    object: 'response',
    created_at: identity.createdS,
    status: ending.status,
    background: false,
    error,
    incomplete_details: ending.incompleteReason === undefined ? null : { reason: ending.incompleteReason },
    instructions: null,
    max_output_tokens: null,
    metadata: {},
    model: identity.model,
    output,
    parallel_tool_calls: true,
    previous_response_id: null,
    reasoning: { effort: null, summary: null },
    store: false,
    temperature: null,
    text: { format: { type: 'text' } },
    tool_choice: 'auto',
    tools: [],
    top_p: null,
    truncation: 'disabled',
    ...(usage === null ? {} : { usage: writeUsage(usage) }),
  }
}

/** `error` of an answer that ended in one without saying which. */
export const failureOf = ({ status }: Ending): Json =>
  status === 'failed' ? { code: 'server_error', message: 'The model ended its answer with an error.' } : null

/** What of an image an item can hold. */
export const dataOf = ({ source }: ImagePart): string => (source.kind === 'base64' ? source.data : '')

type Said = Extract<AnswerPart, { type: 'text' | 'refusal' }>
type Item = Exclude<AnswerPart, Said | SpeechPart>
type Group = readonly Said[] | Item

// Neighbouring texts and refusals are parts of one message; everything else is an item of its own.
function groupsOf(parts: readonly AnswerPart[]): Group[] {
  const groups: (Said[] | Item)[] = []
  for (const part of parts) {
    // Of sound this format has none.
    if (part.type === 'speech') continue
    const last = groups.at(-1)
    if (part.type !== 'text' && part.type !== 'refusal') groups.push(part)
    else if (Array.isArray(last)) last.push(part)
    else groups.push([part])
  }
  return groups
}

function writeGroup(group: Group, place: string, status: ItemStatus): JsonObject {
  if ('type' in group) {
    if (group.type === 'tool_call') return callItem(place, { ...group, callId: group.id }, status)
    if (group.type === 'image') return imageItem(place, dataOf(group))
    return reasoningItem(place, group.type === 'redacted' ? '' : group.text, foreignContent(group))
  }
  return messageItem(
    place,
    group.map((part) => messagePart(part.type, part.text)),
    status,
  )
}
