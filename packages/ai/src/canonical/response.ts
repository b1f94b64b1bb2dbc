import type { Usage } from '@konnect/contract'
import type { FinishReason } from '../ports.ts'
import type { ImagePart, ReasoningPart, RedactedPart, RefusalPart, TextPart, ToolCallPart } from './request.ts'

/** Sound that the model spoke. In a stream, pieces of one sound follow one another. */
export interface SpeechPart {
  readonly type: 'speech'
  /** As the vendor calls it; `application/octet-stream` where it does not say. */
  readonly mediaType: string
  /** Base64. */
  readonly data: string
  /** What is said; empty where the vendor does not tell. */
  readonly transcript: string
}

/** An image that the model drew, or sound that it spoke. */
export type AnswerMedium = ImagePart | SpeechPart

/** One piece of an answer. */
export type AnswerPart = TextPart | ReasoningPart | RedactedPart | ToolCallPart | RefusalPart | AnswerMedium

/** A whole answer in terms that belong to no vendor. */
export interface ChatResponse {
  readonly parts: readonly AnswerPart[]
  readonly finishReason: FinishReason
  /** The stop sequence that ended the answer. */
  readonly stopSequence?: string
  readonly usage: Usage | null
  /** It says where its text comes from, which no format of a client takes over from another. */
  readonly hasCitations?: true
}

/** What a translated answer calls itself. */
export interface AnswerIdentity {
  readonly requestId: string
  /** The model's public name. */
  readonly model: string
  /** Seconds since the epoch. */
  readonly createdS: number
  /** The client asked for usage in the stream. */
  readonly wantsUsage: boolean
}

/** What reading an answer needs to know of the request that was sent. */
export interface AnswerMemo {
  /** Name of the tool that was forced to get structured output. */
  readonly outputTool?: string
  /** Gives a tool name that had to be changed back to what the client called it. */
  restoreToolName(name: string): string
}
