/** What differs between the models behind this dialect. */
export interface ModelTraits {
  /** How the model is asked to think; `none` where it cannot be asked. */
  readonly reasoning: 'none' | 'budget' | 'adaptive' | 'effort' | 'graded'
  /** Where `top_k` goes among the fields that only the model knows. */
  readonly topK: 'none' | 'top_k' | 'nova'
  readonly sampling: 'both' | 'one' | 'none'
  /** Where it takes cache points: `turns` means in system text and messages, but not among the tools. */
  readonly cachePoints: 'none' | 'turns' | 'all'
  /** A cache point may last an hour. */
  readonly keepsLong: boolean
}

const UNKNOWN: ModelTraits = {
  reasoning: 'none',
  topK: 'none',
  sampling: 'both',
  cachePoints: 'none',
  keepsLong: false,
}

const CLAUDE = /claude-(?:(\d{1,2})(?:[.-](\d{1,2}))?(?!\d)|[a-z]+-(\d{1,2})(?:[.-](\d{1,2})(?!\d))?(?!\d))/

/** Traits by the vendor's id of the model, with or without a region before it. An ARN that hides the model tells nothing. */
export function traitsOf(model: string): ModelTraits {
  const claude = CLAUDE.exec(model)
  if (claude) return claudeTraits(Number(claude[1] ?? claude[3]) * 100 + Number(claude[2] ?? claude[4] ?? 0))
  if (model.includes('amazon.nova')) {
    const reasoning = model.includes('nova-2') ? 'graded' : 'none'
    return { ...UNKNOWN, reasoning, topK: 'nova', cachePoints: 'turns' }
  }
  return model.includes('openai.gpt-oss') ? { ...UNKNOWN, reasoning: 'effort' } : UNKNOWN
}

function claudeTraits(version: number): ModelTraits {
  return {
    reasoning: version >= 406 ? 'adaptive' : version >= 307 ? 'budget' : 'none',
    topK: version >= 407 ? 'none' : 'top_k',
    sampling: version >= 407 ? 'none' : version >= 401 ? 'one' : 'both',
    cachePoints: version >= 305 ? 'all' : 'none',
    keepsLong: version >= 405,
  }
}
