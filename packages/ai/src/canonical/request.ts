import type { Json, JsonObject } from '@konnect/contract'
import type { ReasoningEffort } from './reasoning.ts'

/** Where the bytes of a medium are. */
export type MediaSource =
  | { readonly kind: 'base64'; readonly mediaType: string; readonly data: string }
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'text'; readonly text: string }
  /** Known only to the vendor that gave out the id. */
  | { readonly kind: 'file'; readonly id: string }

export interface TextPart {
  readonly type: 'text'
  readonly text: string
}

export interface ImagePart {
  readonly type: 'image'
  readonly source: MediaSource
}

export interface FilePart {
  readonly type: 'file'
  readonly source: MediaSource
  readonly name?: string
}

export interface AudioPart {
  readonly type: 'audio'
  readonly format: string
  readonly data: string
}

export interface ReasoningPart {
  readonly type: 'reasoning'
  readonly text: string
  /** Vendor's seal over the text. Without one, only vendors that do not seal accept it back. */
  readonly signature?: string
}

/** Reasoning that only the vendor can read. */
export interface RedactedPart {
  readonly type: 'redacted'
  readonly data: string
}

export interface ToolCallPart {
  readonly type: 'tool_call'
  readonly id: string
  readonly name: string
  /** JSON text as the model wrote it; possibly invalid. Empty text means no arguments. */
  readonly arguments: string
}

export interface ToolResultPart {
  readonly type: 'tool_result'
  readonly callId: string
  readonly parts: readonly ContentPart[]
  readonly isError: boolean
}

export interface RefusalPart {
  readonly type: 'refusal'
  readonly text: string
}

/** Something of the client's dialect that no other dialect has. */
export interface UnknownPart {
  readonly type: 'unknown'
  /** As the client's dialect calls it. */
  readonly kind: string
}

/** Name of the loss that a {@link CacheMark} is to vendors that cannot express it. */
export const CACHE_CONTROL = 'cache_control'

/** Where the client wants the vendor to keep everything up to here in its prompt cache, and for how long. */
export interface CacheMark {
  readonly cacheFor?: '5m' | '1h'
}

/** One piece of a message. */
export type ContentPart = CacheMark &
  (
    | TextPart
    | ImagePart
    | FilePart
    | AudioPart
    | ReasoningPart
    | RedactedPart
    | ToolCallPart
    | ToolResultPart
    | RefusalPart
    | UnknownPart
  )

/** One message. Tool results stand in user messages; developer messages are system ones. */
export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant'
  readonly parts: readonly ContentPart[]
}

/** A function that the model may ask the client to run. */
export interface ChatTool extends CacheMark {
  readonly name: string
  readonly description?: string
  /** JSON Schema. */
  readonly parameters: JsonObject
  readonly isStrict?: boolean
}

export type ToolChoice =
  | { readonly type: 'auto' | 'none' | 'required' }
  | { readonly type: 'tool'; readonly name: string }

/** Demanded form of the answer. */
export type OutputFormat =
  | { readonly type: 'json' }
  | {
      readonly type: 'schema'
      readonly name: string
      readonly schema: JsonObject
      readonly description?: string
      readonly isStrict?: boolean
    }

export interface ReasoningSetting {
  readonly isOn: boolean
  readonly effort?: ReasoningEffort
  /** Tokens. */
  readonly budget?: number
}

/** A chat request in terms that belong to no vendor. */
export interface ChatRequest {
  readonly messages: readonly ChatMessage[]
  readonly tools: readonly ChatTool[]
  readonly toolChoice?: ToolChoice
  readonly isParallelToolUse?: boolean
  readonly maxTokens?: number
  readonly temperature?: number
  readonly topP?: number
  readonly topK?: number
  readonly stop: readonly string[]
  readonly reasoning?: ReasoningSetting
  readonly output?: OutputFormat
  /** The client's name of its own user. */
  readonly user?: string
  readonly isStream: boolean
  /** The client wants usage in the stream. */
  readonly wantsUsage: boolean
  /** Settings of the client's dialect that have no canonical form, under the client's names. */
  readonly extras: Readonly<Record<string, Json>>
  /** Parts that reading already had to leave out, under the client's names. */
  readonly losses: readonly string[]
}
