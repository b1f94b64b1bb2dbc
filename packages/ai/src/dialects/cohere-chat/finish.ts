import type { FinishReason } from '../../ports.ts'

const READ: ReadonlyMap<unknown, FinishReason> = new Map<unknown, FinishReason>([
  ['COMPLETE', 'stop'],
  ['STOP_SEQUENCE', 'stop'],
  ['MAX_TOKENS', 'length'],
  ['TOOL_CALL', 'tool_calls'],
  ['ERROR_TOXIC', 'content_filter'],
  ['ERROR_LIMIT', 'length'],
  ['ERROR', 'error'],
  ['TIMEOUT', 'error'],
  ['USER_CANCEL', 'error'],
])

/** Reads `finish_reason`; an unknown reason is a stop, none at all is null. */
export const readFinish = (value: unknown): FinishReason | null =>
  typeof value === 'string' && value !== '' ? (READ.get(value) ?? 'stop') : null
