import type { FinishReason } from '../ports.ts'

const READ: ReadonlyMap<unknown, FinishReason> = new Map<unknown, FinishReason>([
  ['stop', 'stop'],
  ['eos', 'stop'],
  ['end_turn', 'stop'],
  ['length', 'length'],
  ['max_tokens', 'length'],
  ['model_length', 'length'],
  ['tool_calls', 'tool_calls'],
  ['tool_use', 'tool_calls'],
  ['function_call', 'tool_calls'],
  ['content_filter', 'content_filter'],
  ['sensitive', 'content_filter'],
  ['refusal', 'refusal'],
  ['error', 'error'],
  ['insufficient_system_resource', 'error'],
])

/** Reads `finish_reason`; an unknown reason is a stop, none at all is null. */
export const readFinish = (value: unknown): FinishReason | null =>
  typeof value === 'string' && value !== '' ? (READ.get(value) ?? 'stop') : null

const WRITTEN: Readonly<Record<FinishReason, string>> = {
  stop: 'stop',
  length: 'length',
  tool_calls: 'tool_calls',
  content_filter: 'content_filter',
  refusal: 'content_filter',
  error: 'stop',
}

/** Writes `finish_reason`. */
export const writeFinish = (reason: FinishReason): string => WRITTEN[reason]
