import type { ChatEvent, WritableEvent } from '../canonical/event.ts'
import type { AnswerMedium, AnswerPart, ChatResponse } from '../canonical/response.ts'
import type { ClientDialect } from '../dialects/dialect.ts'

/** What an answer loses on its way to a client: citations, and media that the client's format has no place for. */
export class AnswerLosses {
  readonly #client: Pick<ClientDialect, 'holds'>
  readonly #names = new Set<string>()

  constructor(client: Pick<ClientDialect, 'holds'>) {
    this.#client = client
  }

  /** Under which names what was left out is listed. */
  get names(): readonly string[] {
    return [...this.#names]
  }

  /** The parts of a whole answer that can go to the client; what cannot counts as lost from now on. */
  partsFor({ parts, hasCitations }: ChatResponse): readonly AnswerPart[] {
    if (hasCitations) this.#names.add(CITATIONS)
    return parts.filter((part) => !isMedium(part) || this.#holds(part))
  }

  /** Whether an event can go to the client; one that cannot counts as lost from now on. */
  passes(event: ChatEvent): event is WritableEvent {
    if (event.type !== 'citations') return !isMedium(event) || this.#holds(event)
    this.#names.add(CITATIONS)
    return false
  }

  #holds(medium: AnswerMedium): boolean {
    if (this.#client.holds?.(medium) === true) return true
    this.#names.add(`answer.${medium.type}`)
    return false
  }
}

const CITATIONS = 'answer.citations'

const isMedium = (part: AnswerPart | ChatEvent): part is AnswerMedium => part.type === 'image' || part.type === 'speech'
