import { isJsonObject, type JsonObject } from '@konnect/contract'
import { newFacts } from '../canonical/facts.ts'
import type { MutableFacts, StreamTap } from '../dialects/dialect.ts'
import { scanObject } from '../json/scan.ts'
import type { ResponseFacts } from '../ports.ts'
import { parseEvent } from '../sse/event.ts'
import { streamError } from './errors.ts'
import { readOperationUsage } from './usage.ts'

const FIELDS = ['usage', 'error']

/** Facts of a whole answer, from its bytes. Plain text has none but that it came. */
export function readOperationFacts(body: Buffer): ResponseFacts {
  const facts: MutableFacts = { ...newFacts(), isComplete: true, hasContent: true }
  try {
    const { values } = scanObject(body, FIELDS)
    const [usage, error] = FIELDS.map((name) => {
      const span = values.get(name)
      return span && (JSON.parse(body.toString('utf8', span.start, span.end)) as unknown)
    })
    facts.usage = readOperationUsage(usage)
    facts.error = streamError({ error } as JsonObject) ?? null
  } catch {
    // Subtitles and transcripts are no JSON.
  }
  return facts
}

/** Watches a stream whose last event is named `….completed` or `….done` and holds the usage. */
export class OperationTap implements StreamTap {
  readonly facts: MutableFacts = newFacts()

  see(source: Buffer, start: number, end: number): 'pass' | 'error' {
    const { data } = parseEvent(source.toString('utf8', start, end))
    if (data === null || data === '') return 'pass'
    const event = objectIn(data)
    const error = streamError(event)
    if (error !== undefined) {
      this.facts.error = error
      return 'error'
    }
    this.facts.hasContent = true
    this.facts.usage = readOperationUsage(event.usage) ?? this.facts.usage
    if (data.trim() === '[DONE]' || /\.(?:completed|done)$/.test(String(event.type))) this.facts.isComplete = true
    return 'pass'
  }

  // The names of last events differ and new ones come: only what says that it is broken counts as broken.
  end(): void {
    if (this.facts.hasContent && this.facts.error === null) this.facts.isComplete = true
  }
}

function objectIn(data: string): JsonObject {
  try {
    const value: unknown = JSON.parse(data)
    return isJsonObject(value) ? value : {}
  } catch {
    return {}
  }
}
