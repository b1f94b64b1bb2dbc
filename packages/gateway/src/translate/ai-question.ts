import type { AiTranslator, DialectId, RequestFacts } from '@konnect/ai'
import type { BodySource } from '@konnect/contract'

/** A request in its format, as it came. */
export interface AiRelayOptions {
  readonly bytes: Buffer
  /** The body source that `bytes` were put into; another one in its place means that a policy changed the body. */
  readonly source: BodySource
  readonly translator: AiTranslator
  readonly dialect: DialectId
}

/** What was asked in which format, as it stands after the policies on the way in. */
export interface AiQuestion {
  readonly bytes: Buffer
  readonly facts: RequestFacts
  readonly translator: AiTranslator
  readonly dialect: DialectId
}
