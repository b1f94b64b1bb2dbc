import { spokenDialectById } from './dialects/list.ts'
import type { DialectId, ResponseFacts } from './ports.ts'

/** What a whole answer in a dialect says of itself: usage, how it ended. For answers that came another way than asked for. */
export const readAnswerFacts = (dialect: DialectId, body: Buffer): ResponseFacts =>
  spokenDialectById(dialect).responseFacts(body)
