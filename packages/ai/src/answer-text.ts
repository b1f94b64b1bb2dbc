import type { ChatEvent } from './canonical/event.ts'
import type { AnswerMemo, AnswerPart } from './canonical/response.ts'
import type { Dialect } from './dialects/dialect.ts'
import { dialects } from './dialects/list.ts'
import type { StreamEvent } from './framing/framing.ts'
import { parseExact } from './json/numbers.ts'
import type { DialectId } from './ports.ts'

const PLAIN: AnswerMemo = { restoreToolName: (name) => name }

/**
 * What a person reads of an answer in the chat format `dialect`: its text and refusals, and each tool call on a line of its
 * own as `name(arguments)`. A stream that was cut off gives what came. `undefined` for other formats, and for answers that
 * cannot be read.
 */
export function answerText(dialect: DialectId, contentType: string, body: Buffer): string | undefined {
  const known = dialects.find(({ id }) => id === dialect)
  if (known === undefined) return undefined
  try {
    if (contentType.startsWith(known.framing.contentType)) return textOfStream(known, body)
    return textOfParts(known.responseIn(parseExact(body.toString()), PLAIN).parts)
  } catch {
    return undefined
  }
}

function textOfParts(parts: readonly AnswerPart[]): string {
  const said = parts.map((part) => {
    if (part.type === 'text' || part.type === 'refusal') return part.text
    return part.type === 'tool_call' ? callLine(part.name, part.arguments) : ''
  })
  return said.join('')
}

function textOfStream({ framing, streamIn }: Dialect, body: Buffer): string {
  const reader = streamIn(PLAIN)
  const frames = framing.open()
  const events: ChatEvent[] = []
  const take = (event: StreamEvent): void => void events.push(...reader.read(event))
  frames.push(body, take)
  const last = frames.end()
  if (last !== undefined) take(last)
  return textOfEvents(events)
}

// Arguments of several tools may interleave; each call stands where it began.
function textOfEvents(events: readonly ChatEvent[]): string {
  const said: (string | { readonly name: string; given: string })[] = []
  const tools = new Map<number, { readonly name: string; given: string }>()
  for (const event of events) {
    if (event.type === 'text' || event.type === 'refusal') said.push(event.text)
    if (event.type === 'tool_start') {
      const call = { name: event.name, given: '' }
      tools.set(event.tool, call)
      said.push(call)
    }
    const open = event.type === 'tool_arguments' ? tools.get(event.tool) : undefined
    if (open !== undefined && event.type === 'tool_arguments') open.given += event.text
  }
  return said.map((one) => (typeof one === 'string' ? one : callLine(one.name, one.given))).join('')
}

const callLine = (name: string, given: string): string => `\n${name}(${given || '{}'})\n`
