import { isJsonObject } from '@konnect/contract'
import { newFacts } from '../canonical/facts.ts'
import type { MutableFacts, StreamTap } from '../dialects/dialect.ts'
import { scanObject } from '../json/scan.ts'
import type { ResponseFacts } from '../ports.ts'
import { parseEvent } from '../sse/event.ts'
import { readUsage } from './chat-usage.ts'
import { streamError } from './errors.ts'
import { readFinish } from './finish.ts'

const FINISH_KEY = Buffer.from('"finish_reason"')

/**
 * Facts of a whole answer, from its bytes; `content` finds content of any kind in its choices. An answer that cannot be
 * read has none.
 */
export function readChoiceFacts(body: Buffer, content: RegExp): ResponseFacts {
  const facts = newFacts()
  try {
    const { values } = scanObject(body, ['usage', 'choices', 'error'])
    const usage = values.get('usage')
    if (usage) facts.usage = readUsage(JSON.parse(body.toString('utf8', usage.start, usage.end)))
    const choices = values.get('choices')
    const error = values.get('error')
    if (error) facts.error = streamError({ error: JSON.parse(body.toString('utf8', error.start, error.end)) }) ?? null
    if (choices === undefined) return facts
    facts.finishReason = lastFinish(body, choices.start, choices.end)
    facts.isComplete = true
    facts.hasContent = content.test(body.toString('latin1', choices.start, choices.end))
  } catch {
    // What the vendor sent is no JSON object; it reaches the client as it is and leaves nothing to account.
  }
  return facts
}

// Quotes inside of strings are escaped, so a key in its quotes is found only where it is a key.
function lastFinish(body: Buffer, start: number, end: number): ResponseFacts['finishReason'] {
  const key = body.lastIndexOf(FINISH_KEY, end)
  if (key < start) return null
  const value = /^\s*:\s*"([^"]*)"/.exec(body.toString('latin1', key + FINISH_KEY.length, key + 96))
  return value ? readFinish(value[1]) : null
}

/** Watches a stream of chunks. JSON is parsed only until content has come, and for the few events that hold facts. */
export class ChoiceTap implements StreamTap {
  readonly facts: MutableFacts = newFacts()
  readonly #hasContent: (data: string) => boolean

  /** `hasContent` tells whether the data of a chunk carries something of the answer. */
  constructor(hasContent: (data: string) => boolean) {
    this.#hasContent = hasContent
  }

  see(source: Buffer, start: number, end: number): 'pass' | 'extra-usage' | 'error' {
    const isPlain = end - start > SHORTEST_CHUNK && !TELLING.test(source.toString('latin1', start, end))
    if (isPlain && this.facts.hasContent) return 'pass'
    const { data } = parseEvent(source.toString('utf8', start, end))
    if (data === null || data === '') return 'pass'
    if (data.trim() === '[DONE]') {
      this.facts.isComplete = true
      return 'pass'
    }
    return this.#read(data)
  }

  // Several vendors close the connection after the finish reason and send no [DONE]: the answer is whole all the same.
  end(): void {
    if (this.facts.finishReason !== null && this.facts.error === null) this.facts.isComplete = true
  }

  #read(data: string): 'pass' | 'extra-usage' | 'error' {
    const chunk = parseChunk(data)
    if (chunk === undefined) return 'pass'
    const error = streamError(chunk)
    if (error) {
      this.facts.error = error
      return 'error'
    }
    this.facts.usage = readUsage(chunk.usage) ?? this.facts.usage
    const choices = Array.isArray(chunk.choices) ? chunk.choices : []
    for (const choice of choices) {
      if (isJsonObject(choice)) this.facts.finishReason = readFinish(choice.finish_reason) ?? this.facts.finishReason
    }
    this.facts.hasContent ||= this.#hasContent(data)
    return choices.length === 0 && isJsonObject(chunk.usage) ? 'extra-usage' : 'pass'
  }
}

// A delta in the middle of an answer holds none of these keys. Quotes inside of strings are escaped: only keys match.
const TELLING = /usage"\s*:\s*\{|reason"\s*:\s*"|error"\s*:/
// The terminator is shorter than any chunk.
const SHORTEST_CHUNK = 32

function parseChunk(data: string): ReturnType<typeof objectOrNothing> {
  try {
    return objectOrNothing(JSON.parse(data))
  } catch {
    return undefined
  }
}

const objectOrNothing = (value: unknown) => (isJsonObject(value) ? value : undefined)
