/** What differs between the models behind this dialect. */
export interface ModelTraits {
  /** `max_tokens` where the client gave none: the dialect demands one. */
  readonly defaultMaxTokens: number
  readonly hasThinking: boolean
  /** Chooses its own thinking budget and takes an effort instead. */
  readonly isAdaptive: boolean
  readonly sampling: 'both' | 'one' | 'none'
}

const VERSION = /claude-(?:(\d{1,2})(?:[.-](\d{1,2}))?(?!\d)|[a-z]+-(\d{1,2})(?:[.-](\d{1,2})(?!\d))?(?!\d))/

const UNKNOWN: ModelTraits = { defaultMaxTokens: 4096, hasThinking: true, isAdaptive: false, sampling: 'both' }

/** Traits by the vendor's name of the model. Models of unknown name get what every server of this dialect accepts. */
export function traitsOf(model: string): ModelTraits {
  const match = VERSION.exec(model.toLowerCase())
  if (!match) return UNKNOWN
  const version = Number(match[1] ?? match[3]) * 100 + Number(match[2] ?? match[4] ?? 0)
  return {
    defaultMaxTokens: version >= 307 ? 16_384 : version >= 305 ? 8192 : 4096,
    hasThinking: version >= 307,
    isAdaptive: version >= 406,
    sampling: version >= 407 ? 'none' : version >= 401 ? 'one' : 'both',
  }
}
