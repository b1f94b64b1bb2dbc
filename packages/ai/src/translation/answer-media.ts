import type { ChatEvent } from '../canonical/event.ts'
import type { AnswerMedium, AnswerPart } from '../canonical/response.ts'
import type { ClientDialect } from '../dialects/dialect.ts'

/** What an answer loses on its way to a client: the images and sounds that the client's format has no place for. */
export class AnswerMedia {
  readonly #client: Pick<ClientDialect, 'holds'>
  readonly #lost = new Set<string>()

  constructor(client: Pick<ClientDialect, 'holds'>) {
    this.#client = client
  }

  /** Under which names what was left out is listed. */
  get lost(): readonly string[] {
    return [...this.#lost]
  }

  /** Whether a part or event can go to the client; one that cannot counts as lost from now on. */
  passes(part: AnswerPart | ChatEvent): boolean {
    if (!isMedium(part) || this.#client.holds?.(part) === true) return true
    this.#lost.add(`answer.${part.type}`)
    return false
  }
}

const isMedium = (part: AnswerPart | ChatEvent): part is AnswerMedium => part.type === 'image' || part.type === 'speech'
