import type { ActiveExchange } from '../exchange/active-exchange.ts'
import { ComparedAnswer } from './compared-answer.ts'
import { ContentCapture } from './content-capture.ts'

/** What an exchange keeps of its content: what policies asked for, and the answer that another version is compared with. */
export function captureFor({ captureOptions, shadow, route }: ActiveExchange): ContentCapture | undefined {
  if (shadow?.keepsAnswers && route?.kind === 'ai') return new ComparedAnswer(route.dialect, captureOptions)
  return captureOptions && new ContentCapture(captureOptions)
}
