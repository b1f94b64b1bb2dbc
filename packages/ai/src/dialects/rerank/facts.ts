import type { Usage } from '@konnect/contract'
import { newFacts } from '../../canonical/facts.ts'
import { objectOf } from '../../json/access.ts'
import { scanObject } from '../../json/scan.ts'
import { readOperationUsage } from '../../openai/usage.ts'
import type { ResponseFacts } from '../../ports.ts'

const FIELDS = ['results', 'data', 'usage', 'meta']

/** Facts of an answer, from its bytes: a ranking makes it complete. An answer that cannot be read has none. */
export function readResponseFacts(body: Buffer): ResponseFacts {
  const facts = newFacts()
  try {
    const { values } = scanObject(body, FIELDS)
    const [usage, meta] = ['usage', 'meta'].map((name): unknown => {
      const span = values.get(name)
      return span && JSON.parse(body.toString('utf8', span.start, span.end))
    })
    facts.usage = readUsage(usage, meta)
    facts.hasContent = values.has('results') || values.has('data')
    facts.isComplete = facts.hasContent
  } catch {
    // What the vendor sent is no JSON object; it reaches the client as it is and leaves nothing to account.
  }
  return facts
}

// Billed tokens go before counted ones. Search units, which Cohere bills instead, are no tokens.
function readUsage(usage: unknown, meta: unknown): Usage | null {
  const { billed_units: billed, tokens } = objectOf(meta)
  return readOperationUsage(billed) ?? readOperationUsage(usage) ?? readOperationUsage(tokens)
}
