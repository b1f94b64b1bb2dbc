import type { FinishReason } from '../ports.ts'

/** The reason that fits what the answer holds: calls without their reason, and the reason without calls, are mended. */
export function settleFinish(reason: FinishReason, hasTools: boolean, hasRefusal: boolean): FinishReason {
  if (hasRefusal && (reason === 'stop' || reason === 'content_filter')) return 'refusal'
  if (hasTools && reason === 'stop') return 'tool_calls'
  return !hasTools && reason === 'tool_calls' ? 'stop' : reason
}

/** Every canonical finish reason. */
export const FINISH_REASONS: readonly FinishReason[] = [
  'stop',
  'length',
  'tool_calls',
  'content_filter',
  'refusal',
  'error',
]
