import type { GatewayError, Usage } from '@konnect/contract'
import type { FinishReason } from '../ports.ts'
import type { AnswerMedium } from './response.ts'

/** One step of a streamed answer in terms that belong to no vendor. Tools are counted from 0. */
export type ChatEvent =
  | { readonly type: 'start' }
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'refusal'; readonly text: string }
  | { readonly type: 'reasoning'; readonly text: string }
  /** Seals and ends the reasoning before it. */
  | { readonly type: 'signature'; readonly signature: string }
  | { readonly type: 'redacted'; readonly data: string }
  | AnswerMedium
  | { readonly type: 'tool_start'; readonly tool: number; readonly id: string; readonly name: string }
  | { readonly type: 'tool_arguments'; readonly tool: number; readonly text: string }
  | { readonly type: 'tool_end'; readonly tool: number }
  /** Where text comes from; it goes to no client, since no format takes it over from another. */
  | { readonly type: 'citations' }
  /** Counts so far; each replaces the one before. */
  | { readonly type: 'usage'; readonly usage: Usage }
  | { readonly type: 'finish'; readonly reason: FinishReason; readonly stopSequence?: string }
  | { readonly type: 'ping' }
  | { readonly type: 'error'; readonly error: GatewayError }
  /** The terminator. */
  | { readonly type: 'done' }

/** What can be written for clients. */
export type WritableEvent = Exclude<ChatEvent, { readonly type: 'citations' }>

/** True for events that carry something of the answer. */
export const isContent = (event: ChatEvent): boolean => CONTENT.has(event.type)

const CONTENT: ReadonlySet<ChatEvent['type']> = new Set([
  'text',
  'refusal',
  'reasoning',
  'redacted',
  'image',
  'speech',
  'tool_start',
  'tool_arguments',
])
