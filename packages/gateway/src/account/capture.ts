import type { ActiveExchange } from '../exchange/active-exchange.ts'
import { ComparedAnswer } from './compared-answer.ts'
import { ContentCapture } from './content-capture.ts'

/** What an exchange keeps of its content: what policies asked for, and the answer that another version is compared with. */
export function captureFor(exchange: ActiveExchange): ContentCapture | undefined {
  const { captureOptions, shadow, route } = exchange
  if (captureOptions !== undefined && !mayRecord(exchange)) return undefined
  if (shadow?.keepsAnswers && route?.kind === 'ai') return new ComparedAnswer(route.dialect, captureOptions)
  return captureOptions && new ContentCapture(captureOptions)
}

/** Residency rules may forbid that content is kept where this installation is. */
const mayRecord = ({ plan, place, ai }: ActiveExchange): boolean =>
  ai?.mayRecord ?? !(plan?.unrecorded.has(place.tenantId) ?? false)
