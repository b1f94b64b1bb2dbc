import { isJsonObject, type Json, type JsonObject } from '@konnect/contract'
import { streamError } from '../../anthropic/errors.ts'
import { newFacts } from '../../canonical/facts.ts'
import { objectOf, textOf } from '../../json/access.ts'
import { scanObject } from '../../json/scan.ts'
import type { ResponseFacts } from '../../ports.ts'
import { parseEvent } from '../../sse/event.ts'
import type { MutableFacts, StreamTap } from '../dialect.ts'
import { readFinish } from './finish.ts'
import { mergeUsage, readUsage } from './usage.ts'

/** Facts of a whole answer, from its bytes. An answer that cannot be read has none. */
export function readResponseFacts(body: Buffer): ResponseFacts {
  const facts = newFacts()
  try {
    const { values } = scanObject(body, ['usage', 'stop_reason', 'content', 'error'])
    const parse = (name: string): unknown => {
      const span = values.get(name)
      return span && JSON.parse(body.toString('utf8', span.start, span.end))
    }
    if (values.has('error')) facts.error = streamError({ error: parse('error') as Json })
    facts.usage = readUsage(parse('usage'))
    facts.finishReason = readFinish(parse('stop_reason'))
    const content = values.get('content')
    facts.hasContent = content !== undefined && body.indexOf('"type"', content.start, 'latin1') < content.end
    facts.isComplete = facts.finishReason !== null
  } catch {
    // What the vendor sent is no JSON object; it reaches the client as it is and leaves nothing to account.
  }
  return facts
}

const NAMED_DELTA = 'event: content_block_delta'
const LIFECYCLE = new Set(['message_start', 'message_delta', 'message_stop', 'content_block_stop', 'ping', 'error'])
const SILENT_BLOCKS = new Set<unknown>(['text', 'thinking'])

/** Watches a stream of message events. Deltas are known by their name and never parsed. */
export class MessageTap implements StreamTap {
  readonly facts: MutableFacts = newFacts()
  #usage: JsonObject = {}

  see(source: Buffer, start: number, end: number): 'pass' | 'error' {
    const text = source.toString('latin1', start, end)
    if (text.startsWith(NAMED_DELTA)) {
      this.facts.hasContent = true
      return 'pass'
    }
    const { name, data } = parseEvent(source.toString('utf8', start, end))
    if (data === null) return 'pass'
    return this.#read(name, data)
  }

  end(): void {}

  #read(name: string, text: string): 'pass' | 'error' {
    const data = parseData(text)
    if (data === undefined) return 'pass'
    const type = textOf(data.type) ?? name
    if (!LIFECYCLE.has(type)) this.facts.hasContent ||= !SILENT_BLOCKS.has(objectOf(data.content_block).type)
    else if (type === 'message_start') this.#count(objectOf(data.message).usage)
    else if (type === 'message_delta') {
      this.#count(data.usage)
      this.facts.finishReason = readFinish(objectOf(data.delta).stop_reason) ?? this.facts.finishReason
    } else if (type === 'message_stop') this.facts.isComplete = true
    else if (type === 'error') {
      this.facts.error = streamError(data)
      return 'error'
    }
    return 'pass'
  }

  #count(usage: unknown): void {
    if (!isJsonObject(usage)) return
    this.#usage = mergeUsage(this.#usage, usage)
    this.facts.usage = readUsage(this.#usage)
  }
}

function parseData(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isJsonObject(value) ? value : undefined
  } catch {
    return undefined
  }
}
