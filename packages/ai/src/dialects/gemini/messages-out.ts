import { GatewayError, type JsonObject } from '@konnect/contract'
import type { ChatMessage, ContentPart, TextPart, ToolResultPart } from '../../canonical/request.ts'
import { argumentsObject } from '../../canonical/tool-arguments.ts'
import type { ToolNames } from '../../canonical/tool-names.ts'
import { compact } from '../../json/access.ts'
import type { LossRecorder } from '../../loss.ts'
import { type MediaWriter, writeAudio, writeFile, writeImage } from './media.ts'
import type { ModelTraits } from './models.ts'
import { ownSeal } from './seal.ts'

/** The vendor's word for: this call comes from elsewhere and has no signature. */
const UNSEALED = 'skip_thought_signature_validator'

/** System text and the turns that remain. */
export interface SplitMessages {
  readonly system: JsonObject | undefined
  readonly turns: readonly ChatMessage[]
}

/** Leading system messages become `systemInstruction`; later ones keep their place, as user text in `<system>` tags. */
export function splitSystem(messages: readonly ChatMessage[]): SplitMessages {
  const first = messages.findIndex((message) => message.role !== 'system')
  // A request of system messages alone still needs a turn to answer.
  if (first < 0) return { system: undefined, turns: messages.map(({ parts }) => ({ role: 'user', parts })) }
  const parts = messages
    .slice(0, first)
    .flatMap((message) => message.parts.filter(isText).map(({ text }) => ({ text })))
  const turns = messages
    .slice(first)
    .map((message): ChatMessage => (message.role === 'system' ? asUser(message) : message))
  return { system: parts.length === 0 ? undefined : { parts }, turns }
}

const isText = (part: ContentPart): part is TextPart => part.type === 'text' && part.text !== ''

const asUser = (message: ChatMessage): ChatMessage => ({
  role: 'user',
  parts: message.parts.filter(isText).map(({ text }) => ({ type: 'text', text: `<system>\n${text}\n</system>` })),
})

interface Turn {
  readonly role: 'user' | 'model'
  readonly parts: JsonObject[]
}

/** Writes alternating turns. Throws `invalid_request` when nothing is left to say. */
export function writeContents(
  messages: readonly ChatMessage[],
  names: ToolNames,
  traits: ModelTraits,
  losses: LossRecorder,
): readonly Turn[] {
  const writer = new PartWriter(names, traits, losses)
  const turns: Turn[] = []
  for (const message of messages) {
    const role = message.role === 'assistant' ? 'model' : 'user'
    const parts = role === 'model' ? writer.model(message.parts) : writer.user(message.parts)
    if (parts.length === 0) continue
    const last = turns.at(-1)
    if (last?.role === role) last.parts.push(...parts)
    else turns.push({ role, parts })
  }
  if (turns.length === 0) throw new GatewayError('invalid_request', { detail: 'The request holds no content.' })
  // A call must follow a turn of the user's.
  if (turns[0]?.role === 'model') turns.unshift({ role: 'user', parts: [{ text: '.' }] })
  for (const turn of turns) if (turn.role === 'user') turn.parts.sort(byResultFirst)
  return turns
}

// The results of one turn's calls must stand together, before anything else.
const byResultFirst = (a: JsonObject, b: JsonObject): number =>
  Number(b.functionResponse !== undefined) - Number(a.functionResponse !== undefined)

class PartWriter {
  readonly #names: ToolNames
  readonly #media: MediaWriter
  readonly #needsSeals: boolean
  readonly #losses: LossRecorder
  /** Names of the calls so far: here a result says which function it is of. */
  readonly #called = new Map<string, string>()

  constructor(names: ToolNames, traits: ModelTraits, losses: LossRecorder) {
    this.#names = names
    this.#needsSeals = traits.needsSeals
    this.#media = { takesUrls: traits.takesUrls, losses }
    this.#losses = losses
  }

  user(parts: readonly ContentPart[]): JsonObject[] {
    return parts.flatMap((part) => (part.type === 'tool_result' ? this.#result(part) : this.#content(part)))
  }

  /** A signature goes on the next call; in an answer without calls on the next text, or stands alone at the end. */
  model(parts: readonly ContentPart[]): JsonObject[] {
    const seals: string[] = []
    const written: JsonObject[] = []
    const hasCalls = parts.some((part) => part.type === 'tool_call')
    let isFirstCall = true
    for (const part of parts) {
      if (part.type === 'reasoning') written.push(...this.#thought(part.text, part.signature, seals))
      else if (part.type === 'tool_call') {
        const seal = seals.shift() ?? (isFirstCall && this.#needsSeals ? UNSEALED : undefined)
        written.push(compact({ functionCall: this.#call(part.id, part.name, part.arguments), thoughtSignature: seal }))
        isFirstCall = false
      } else {
        const isSealed = part.type === 'text' && part.text !== '' && !hasCalls
        for (const content of this.#content(part)) {
          written.push(compact({ ...content, thoughtSignature: isSealed ? seals.shift() : undefined }))
        }
      }
    }
    return [...written, ...seals.map((thoughtSignature) => ({ text: '', thoughtSignature }))]
  }

  // Thoughts without a signature of this vendor's mean nothing to it.
  #thought(text: string, signature: string | undefined, seals: string[]): JsonObject[] {
    const seal = signature === undefined ? undefined : ownSeal(signature)
    if (seal === undefined) {
      this.#losses.drop(signature === undefined ? 'reasoning_content' : 'thinking_signature')
      return []
    }
    seals.push(seal)
    return text === '' ? [] : [{ text, thought: true }]
  }

  #call(id: string, name: string, text: string): JsonObject {
    const sent = this.#names.send(name)
    this.#called.set(id, sent)
    return compact({ id: id === '' ? undefined : id, name: sent, args: argumentsObject(text) })
  }

  #result(part: ToolResultPart): JsonObject[] {
    const texts = part.parts.filter((inner) => inner.type === 'text' || inner.type === 'refusal')
    const text = texts.map((inner) => inner.text).join('\n')
    const functionResponse = compact({
      id: part.callId === '' ? undefined : part.callId,
      name: this.#called.get(part.callId) ?? this.#names.send(part.callId || 'unknown'),
      response: part.isError ? { error: text } : { output: text },
    })
    const attached = part.parts.filter((inner) => inner.type !== 'text' && inner.type !== 'refusal')
    return [{ functionResponse }, ...attached.flatMap((inner) => this.#content(inner))]
  }

  #content(part: ContentPart): JsonObject[] {
    switch (part.type) {
      case 'text':
      case 'refusal':
        return part.text === '' ? [] : [{ text: part.text }]
      case 'image':
        return writeImage(part.source, this.#media)
      case 'file':
        return writeFile(part.source, this.#media)
      case 'audio':
        return [writeAudio(part.format, part.data)]
      case 'redacted':
        this.#losses.drop('thinking_signature')
        return []
      case 'unknown':
        this.#losses.drop(part.kind)
        return []
      default:
        return []
    }
  }
}
