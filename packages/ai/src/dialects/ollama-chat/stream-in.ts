import { isJsonObject, type JsonObject } from '@konnect/contract'
import type { ChatEvent } from '../../canonical/event.ts'
import { settleFinish } from '../../canonical/finish.ts'
import type { AnswerMemo, AnswerPart } from '../../canonical/response.ts'
import type { StreamEvent } from '../../framing/framing.ts'
import { objectOf } from '../../json/access.ts'
import { parseExact } from '../../json/numbers.ts'
import type { StreamReader } from '../dialect.ts'
import { innerError } from './errors.ts'
import { readFinish } from './finish.ts'
import { readParts } from './response-in.ts'
import { readUsage } from './usage.ts'

/** Reads a stream of lines; the one that is `done` ends it. Every call of a tool comes whole. */
export class LineReader implements StreamReader {
  readonly #memo: AnswerMemo
  #toolCount = 0
  #isStarted = false

  constructor(memo: AnswerMemo) {
    this.#memo = memo
  }

  read(event: StreamEvent): readonly ChatEvent[] {
    if (event.data === null || event.data === '') return []
    const line = parseExact(event.data)
    if (!isJsonObject(line)) return []
    const error = innerError(line)
    if (error) return [{ type: 'error', error }]
    const events: ChatEvent[] = this.#isStarted ? [] : [{ type: 'start' }]
    this.#isStarted = true
    for (const part of readParts(objectOf(line.message), this.#memo)) events.push(...this.#eventsOf(part))
    if (line.done === true) events.push(...this.#finish(line))
    return events
  }

  end(): readonly ChatEvent[] {
    return []
  }

  #eventsOf(part: AnswerPart): ChatEvent[] {
    if (part.type === 'text' || part.type === 'reasoning') return [{ type: part.type, text: part.text }]
    if (part.type !== 'tool_call') return []
    const tool = this.#toolCount++
    return [
      { type: 'tool_start', tool, id: part.id, name: part.name },
      { type: 'tool_arguments', tool, text: part.arguments },
      { type: 'tool_end', tool },
    ]
  }

  #finish(line: JsonObject): ChatEvent[] {
    const usage = readUsage(line)
    const reason = settleFinish(readFinish(line.done_reason), this.#toolCount > 0, false)
    return [...(usage ? [{ type: 'usage' as const, usage }] : []), { type: 'finish', reason }, { type: 'done' }]
  }
}
