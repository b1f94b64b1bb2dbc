import { GatewayError } from '@konnect/contract'
import { numberOf } from '../json/access.ts'
import type { LossTable } from '../loss.ts'
import type { OperationAnswer, OperationRequest } from './operation.ts'
import type { ChatRequest } from './request.ts'

/** How long would this chat request be? Settings that change no length do not count. */
export interface TokenCountRequest extends OperationRequest {
  readonly chat: ChatRequest
}

/** The length of a request. To count is free, so there is never usage. */
export interface TokenCountAnswer extends OperationAnswer {
  readonly tokens: number
  readonly usage: null
}

/** The count in an answer. Throws `upstream_invalid` when it is none. */
export function readCount(value: unknown): TokenCountAnswer {
  const tokens = numberOf(value)
  if (tokens === undefined || tokens < 0) {
    throw new GatewayError('upstream_invalid', { reason: 'The answer holds no count of tokens' })
  }
  return { tokens: Math.trunc(tokens), usage: null }
}

/** What changes the answer of a request but not its length, so that leaving it out is no loss to whoever counts. */
const LENGTHLESS = ['temperature', 'top_p', 'top_k', 'stop', 'n', 'seed', 'logprobs', 'parallel_tool_calls'] as const

/** What counting with a chat format cannot express. */
export const countLosses = (losses: LossTable): LossTable => ({
  ...losses,
  ...Object.fromEntries(LENGTHLESS.flatMap((name) => (name in losses ? [[name, 'hint' as const]] : []))),
})
