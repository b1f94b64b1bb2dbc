import { isJsonObject, type JsonObject } from '@konnect/contract'
import { newFacts } from '../../canonical/facts.ts'
import { objectOf, textOf } from '../../json/access.ts'
import { scanObject } from '../../json/scan.ts'
import type { ResponseFacts } from '../../ports.ts'
import { parseEvent } from '../../sse/event.ts'
import type { MutableFacts, StreamTap } from '../dialect.ts'
import { readFailure, responseError } from './errors.ts'
import { readFinish } from './finish.ts'
import { isCall } from './items-in.ts'
import { readUsage } from './usage.ts'

const FIELDS = ['usage', 'status', 'incomplete_details', 'output', 'error']
const FINISHED = new Set<unknown>(['completed', 'incomplete', undefined])
// Quotes inside of strings are escaped, so these are found only where they are values of `type`.
const TOOLS = /"type"\s*:\s*"(?:function_call|custom_tool_call)"/
const REFUSAL = /"type"\s*:\s*"refusal"/

/** Facts of a whole answer, from its bytes. An answer that cannot be read has none. */
export function readResponseFacts(body: Buffer): ResponseFacts {
  const facts = newFacts()
  try {
    const { values } = scanObject(body, FIELDS)
    const response: { [name: string]: JsonObject[string] } = {}
    for (const [name, { start, end }] of values) {
      if (name !== 'output') response[name] = JSON.parse(body.toString('utf8', start, end))
    }
    facts.usage = readUsage(response.usage)
    facts.error = responseError(response) ?? null
    const output = values.get('output')
    if (output === undefined || facts.error !== null) return facts
    const text = body.toString('latin1', output.start, output.end)
    facts.hasContent = text.includes('"type"')
    if (!FINISHED.has(response.status)) return facts
    facts.finishReason = readFinish(response, { hasTools: TOOLS.test(text), hasRefusal: REFUSAL.test(text) })
    facts.isComplete = true
  } catch {
    // What the vendor sent is no JSON object; it reaches the client as it is and leaves nothing to account.
  }
  return facts
}

const NAME = /^event: ?([^\r\n]+)/
const LONGEST_NAME = 80
const SILENT_ITEMS = new Set<unknown>(['message', 'reasoning'])
/** Events that hold facts. All others are known by their names and never parsed, unless they have none. */
const TELLING = new Set([
  'response.output_item.added',
  'response.output_item.done',
  'response.completed',
  'response.incomplete',
  'response.failed',
  'error',
])

/** Watches a stream of response events. */
export class ResponseTap implements StreamTap {
  readonly facts: MutableFacts = newFacts()
  #hasTools = false
  #hasRefusal = false

  see(source: Buffer, start: number, end: number): 'pass' | 'error' | 'failing' {
    const name = NAME.exec(source.toString('latin1', start, Math.min(end, start + LONGEST_NAME)))?.[1]
    if (name !== undefined && !TELLING.has(name)) return this.#note(name)
    const data = parseData(parseEvent(source.toString('utf8', start, end)).data)
    return data === undefined ? 'pass' : this.#read(textOf(data.type) ?? name ?? '', data)
  }

  end(): void {}

  #note(type: string): 'pass' {
    if (type.endsWith('.delta')) this.facts.hasContent = true
    if (type === 'response.refusal.delta') this.#hasRefusal = true
    return 'pass'
  }

  #read(type: string, data: JsonObject): 'pass' | 'error' | 'failing' {
    switch (type) {
      case 'response.output_item.added':
      case 'response.output_item.done':
        return this.#readItem(objectOf(data.item), type.endsWith('.done'))
      case 'response.completed':
      case 'response.incomplete':
        return this.#finish(objectOf(data.response))
      case 'response.failed':
        this.facts.usage = readUsage(objectOf(data.response).usage)
        this.facts.error = readFailure(objectOf(data.response))
        return 'error'
      case 'error':
        this.facts.error = readFailure(data)
        return 'failing'
      default:
        return this.#note(type)
    }
  }

  #readItem(item: JsonObject, isDone: boolean): 'pass' {
    if (isCall(item)) this.#hasTools = true
    this.facts.hasContent ||= isDone || !SILENT_ITEMS.has(item.type)
    return 'pass'
  }

  #finish(response: JsonObject): 'pass' {
    const output = Array.isArray(response.output) ? response.output : []
    const hasTools = this.#hasTools || output.some((item) => isJsonObject(item) && isCall(item))
    this.facts.hasContent ||= output.length > 0
    this.facts.usage = readUsage(response.usage)
    this.facts.finishReason = readFinish(response, { hasTools, hasRefusal: this.#hasRefusal })
    this.facts.isComplete = true
    return 'pass'
  }
}

function parseData(text: string | null): JsonObject | undefined {
  if (text === null) return undefined
  try {
    const value: unknown = JSON.parse(text)
    return isJsonObject(value) ? value : undefined
  } catch {
    return undefined
  }
}
