import { wholeAnswer } from '../dialects/whole-answer.ts'
import { readWholeFacts } from '../dialects/whole-facts.ts'
import { scanTopLevel } from '../json/top-level.ts'
import type { DialectId } from '../ports.ts'
import { embedFacts } from './embedding.ts'
import { LOSSES } from './embedding-losses.ts'
import { errorEvent, readError, writeError } from './errors.ts'
import { PATH_PREFIX, readModelPath } from './model-path.ts'

const FIELDS: readonly string[] = ['model']

/** What the actions of Gemini's API that embed have in common; `field` holds the vectors of an answer. */
export const embedAction = (id: DialectId, action: string, field: string) => {
  const places = embedFacts(field)
  return {
    ...wholeAnswer,
    id,
    operation: 'embeddings' as const,
    endpoints: [{ dialect: id, method: 'POST', path: PATH_PREFIX, match: 'prefix' as const, action }],
    losses: LOSSES,
    readFacts(body: Buffer, path: string) {
      scanTopLevel(body, FIELDS)
      return { model: readModelPath(path).model, isStream: false }
    },
    responseFacts: (body: Buffer) => readWholeFacts(body, places),
    errorIn: readError,
    errorOut: writeError,
    errorEvent,
  }
}
