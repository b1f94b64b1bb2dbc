import type { JsonObject } from '@konnect/contract'
import { settleFinish } from '../../canonical/finish.ts'
import { objectOf } from '../../json/access.ts'
import type { FinishReason } from '../../ports.ts'

/** What an answer holds, as far as its end depends on it. */
export interface Contents {
  readonly hasTools: boolean
  readonly hasRefusal: boolean
}

/** Reads how a response object ended. This dialect has no reason of its own for calls and refusals: their items say it. */
export function readFinish(response: JsonObject, { hasTools, hasRefusal }: Contents): FinishReason {
  return settleFinish(reasonOf(response), hasTools, hasRefusal)
}

function reasonOf({ status, incomplete_details }: JsonObject): FinishReason {
  if (status === 'failed' || status === 'cancelled') return 'error'
  if (status !== 'incomplete') return 'stop'
  return objectOf(incomplete_details).reason === 'content_filter' ? 'content_filter' : 'length'
}

/** How a response ended, in the dialect's words. */
export interface Ending {
  readonly status: 'in_progress' | 'completed' | 'incomplete' | 'failed'
  readonly incompleteReason?: string
}

const WRITTEN: Readonly<Record<FinishReason, Ending>> = {
  stop: { status: 'completed' },
  tool_calls: { status: 'completed' },
  refusal: { status: 'completed' },
  length: { status: 'incomplete', incompleteReason: 'max_output_tokens' },
  content_filter: { status: 'incomplete', incompleteReason: 'content_filter' },
  error: { status: 'failed' },
}

/** Writes how a response ended. */
export const writeFinish = (reason: FinishReason): Ending => WRITTEN[reason]
