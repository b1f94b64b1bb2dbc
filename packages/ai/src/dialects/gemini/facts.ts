import { isJsonObject, type JsonObject } from '@konnect/contract'
import { type ChatEvent, isContent } from '../../canonical/event.ts'
import { newFacts } from '../../canonical/facts.ts'
import { streamError } from '../../google/errors.ts'
import type { ResponseFacts } from '../../ports.ts'
import { parseEvent } from '../../sse/event.ts'
import type { MutableFacts, StreamTap } from '../dialect.ts'
import { firstCandidate, isBlocked, readAnswer } from './answer-in.ts'
import { readResponse } from './response-in.ts'
import { ContentReader } from './stream-in.ts'

const PLAIN = { restoreToolName: (name: string) => name }

/** Facts of a whole answer, from its bytes. An answer that cannot be read has none. */
export function readResponseFacts(body: Buffer): ResponseFacts {
  const facts = newFacts()
  const answer = parse(body.toString())
  if (answer === undefined) return facts
  facts.error = streamError(answer) ?? null
  if (firstCandidate(answer) === undefined && !isBlocked(answer)) return facts
  const { usage, finishReason, parts } = readResponse(answer, PLAIN)
  return { usage, finishReason, hasContent: parts.length > 0, isComplete: true, error: facts.error }
}

/** Watches a stream of chunks. Each holds counts, so each is read. */
export class ContentTap implements StreamTap {
  readonly facts: MutableFacts = newFacts()
  readonly #reader = new ContentReader(PLAIN)

  see(source: Buffer, start: number, end: number): 'pass' | 'error' {
    const event = parseEvent(source.toString('utf8', start, end))
    for (const seen of this.#read(event)) this.#note(seen)
    this.facts.finishReason = this.#reader.finishReason
    this.facts.isComplete = this.facts.finishReason !== null && this.facts.error === null
    return this.facts.error === null ? 'pass' : 'error'
  }

  end(): void {}

  // What cannot be read passes all the same: it is the client's to judge.
  #read(event: ReturnType<typeof parseEvent>): readonly ChatEvent[] {
    try {
      return this.#reader.read(event)
    } catch {
      return []
    }
  }

  #note(event: ChatEvent): void {
    if (event.type === 'usage') this.facts.usage = event.usage
    else if (event.type === 'error') this.facts.error = event.error
    else if (isContent(event)) this.facts.hasContent = true
  }
}

function parse(text: string): JsonObject | undefined {
  try {
    const answer: unknown = JSON.parse(text)
    return isJsonObject(answer) || Array.isArray(answer) ? readAnswer(answer) : undefined
  } catch {
    return undefined
  }
}
