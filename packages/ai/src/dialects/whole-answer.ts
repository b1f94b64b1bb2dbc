import { newFacts } from '../canonical/facts.ts'
import { readBodyFacts } from '../json/body-facts.ts'
import { replaceModel } from '../json/model-name.ts'
import { sseFraming } from '../sse/framing.ts'
import type { PassingDialect } from './dialect.ts'

const FIELDS: readonly string[] = ['model']

/** What dialects have in common whose request and answer are one JSON object each: nothing of theirs is ever streamed. */
export const wholeAnswer = {
  losses: {},
  requestHeaders: ['content-type', 'application/json'],
  framing: sseFraming,
  readFacts: (body) => readBodyFacts(body, FIELDS),
  prepare: (body, upstreamModel) => ({ body: replaceModel(body, upstreamModel, FIELDS), hidesUsage: false }),
  streamTap: () => ({ facts: newFacts(), see: () => 'pass', end: () => undefined }),
} satisfies Partial<PassingDialect>
