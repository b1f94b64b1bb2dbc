import type { FinishReason } from '../../ports.ts'

const READ: ReadonlyMap<unknown, FinishReason> = new Map<unknown, FinishReason>([
  ['end_turn', 'stop'],
  ['stop_sequence', 'stop'],
  ['max_tokens', 'length'],
  ['model_context_window_exceeded', 'length'],
  ['tool_use', 'tool_calls'],
  ['guardrail_intervened', 'content_filter'],
  ['content_filtered', 'content_filter'],
  ['refusal', 'refusal'],
  ['malformed_model_output', 'error'],
  ['malformed_tool_use', 'error'],
])

/** Reads `stopReason`; an unknown reason is a stop, none at all is null. */
export const readFinish = (value: unknown): FinishReason | null =>
  typeof value === 'string' && value !== '' ? (READ.get(value) ?? 'stop') : null
