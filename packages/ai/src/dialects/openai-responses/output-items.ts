import type { JsonObject } from '@konnect/contract'

/** How far an item of the output is. */
export type ItemStatus = 'in_progress' | 'completed' | 'incomplete'

/** A call as its item says it. */
export interface Call {
  /** The id that the result of the call has to name. */
  readonly callId: string
  readonly name: string
  /** No text is no arguments. */
  readonly arguments: string
}

/** A message with these parts. `place` makes its id unique. */
export const messageItem = (place: string, content: JsonObject[], status: ItemStatus): JsonObject => ({
  id: `msg_${place}`,
  type: 'message',
  status,
  role: 'assistant',
  content,
})

/** One part of a message. */
export const messagePart = (type: 'text' | 'refusal', text: string): JsonObject =>
  type === 'refusal' ? { type: 'refusal', refusal: text } : { type: 'output_text', annotations: [], logprobs: [], text }

/** A call of one of the client's functions. */
export const callItem = (place: string, call: Call, status: ItemStatus): JsonObject => ({
  id: `fc_${place}`,
  type: 'function_call',
  status,
  arguments: call.arguments === '' && status !== 'in_progress' ? '{}' : call.arguments,
  call_id: call.callId,
  name: call.name,
})

/** Reasoning. Clients show the summary to people, so that is where its text stands. */
export const reasoningItem = (place: string, text: string, encryptedContent: string | null): JsonObject => ({
  id: `rs_${place}`,
  type: 'reasoning',
  summary: text === '' ? [] : [summaryPart(text)],
  encrypted_content: encryptedContent,
})

/** An image that the model drew, in base64. */
export const imageItem = (place: string, data: string): JsonObject => ({
  id: `ig_${place}`,
  type: 'image_generation_call',
  status: 'completed',
  result: data,
})

/** One part of a summary. */
export const summaryPart = (text: string): JsonObject => ({ type: 'summary_text', text })
