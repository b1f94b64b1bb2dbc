import type { MutableFacts } from '../dialects/dialect.ts'

/** Facts of a response of which nothing has been seen. */
export const newFacts = (): MutableFacts => ({
  usage: null,
  finishReason: null,
  hasContent: false,
  isComplete: false,
  error: null,
})
