import type { Usage } from '@konnect/contract'
import { newFacts } from '../canonical/facts.ts'
import { scanObject } from '../json/scan.ts'
import type { ResponseFacts } from '../ports.ts'

/** Where the facts of an answer in one piece stand. */
export interface FactPlaces {
  /** Fields of which any one makes it an answer. */
  readonly content: readonly string[]
  /** Fields that hold counts. */
  readonly counts: readonly string[]
  /** Tokens, from the fields that hold counts; those that are missing are undefined. */
  usageOf(counts: Readonly<Record<string, unknown>>): Usage | null
}

/** Facts of an answer in one piece, from its bytes. An answer that cannot be read has none. */
export function readWholeFacts(body: Buffer, { content, counts, usageOf }: FactPlaces): ResponseFacts {
  const facts = newFacts()
  try {
    const { values } = scanObject(body, [...content, ...counts])
    const found = counts.flatMap((name) => {
      const span = values.get(name)
      return span === undefined ? [] : [[name, JSON.parse(body.toString('utf8', span.start, span.end))]]
    })
    facts.usage = usageOf(Object.fromEntries(found))
    facts.hasContent = content.some((name) => values.has(name))
    facts.isComplete = facts.hasContent
  } catch {
    // What the vendor sent is no JSON object; it reaches the client as it is and leaves nothing to account.
  }
  return facts
}
