import type { Json } from '@konnect/contract'
import { streamError } from '../../anthropic/errors.ts'
import { newFacts } from '../../canonical/facts.ts'
import { scanObject } from '../../json/scan.ts'
import type { ResponseFacts } from '../../ports.ts'

/** Facts of an answer, from its bytes: a count makes it complete. Counting is free, so there is never usage. */
export function readResponseFacts(body: Buffer): ResponseFacts {
  const facts = newFacts()
  try {
    const { values } = scanObject(body, ['input_tokens', 'error'])
    const error = values.get('error')
    if (error) facts.error = streamError({ error: JSON.parse(body.toString('utf8', error.start, error.end)) as Json })
    facts.hasContent = values.has('input_tokens')
    facts.isComplete = facts.hasContent && facts.error === null
  } catch {
    // What the vendor sent is no JSON object; it reaches the client as it is.
  }
  return facts
}
