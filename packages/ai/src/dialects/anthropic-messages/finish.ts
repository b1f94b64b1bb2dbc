import type { FinishReason } from '../../ports.ts'

const READ: ReadonlyMap<unknown, FinishReason> = new Map<unknown, FinishReason>([
  ['end_turn', 'stop'],
  ['stop_sequence', 'stop'],
  ['pause_turn', 'stop'],
  ['max_tokens', 'length'],
  ['model_context_window_exceeded', 'length'],
  ['tool_use', 'tool_calls'],
  ['refusal', 'refusal'],
])

/** Reads `stop_reason`; an unknown reason is a stop, none at all is null. */
export const readFinish = (value: unknown): FinishReason | null =>
  typeof value === 'string' && value !== '' ? (READ.get(value) ?? 'stop') : null

const WRITTEN: Readonly<Record<FinishReason, string>> = {
  stop: 'end_turn',
  length: 'max_tokens',
  tool_calls: 'tool_use',
  content_filter: 'refusal',
  refusal: 'refusal',
  error: 'end_turn',
}

/** Writes `stop_reason`. */
export const writeFinish = (reason: FinishReason): string => WRITTEN[reason]
