import type { Usage } from '@konnect/contract'
import { countOf } from '../canonical/usage.ts'
import { objectOf } from '../json/access.ts'
import { readOperationUsage } from '../openai/usage.ts'

/**
 * Tokens of an answer in Cohere's words or in those of its followers. Billed tokens go before counted ones. Search units,
 * which Cohere bills instead for rankings, are no tokens. Null when there are none.
 */
export function readUsage({ usage, meta }: Readonly<Record<string, unknown>>): Usage | null {
  const { billed_units: billed, tokens } = objectOf(meta)
  return readOperationUsage(billed) ?? readOperationUsage(usage) ?? readOperationUsage(tokens)
}

/** Search units in `meta`, or `undefined` when none were billed. */
export const readSearchUnits = (meta: unknown): number | undefined =>
  countOf(objectOf(objectOf(meta).billed_units).search_units) || undefined
