/** What differs between the models behind this dialect. */
export interface ModelTraits {
  /** How thinking is graded: in tokens, in levels, or not at all. */
  readonly thinking: 'budget' | 'level' | 'none'
  /** Can be told not to think. */
  readonly hasOffSwitch: boolean
  /** Smallest budget in tokens. */
  readonly minBudget: number
  readonly maxBudget: number
  /** Levels from least to most. */
  readonly levels: readonly string[]
  /** Refuses a call in the history that is not sealed. */
  readonly needsSeals: boolean
  /** Accepts a demanded form of the answer beside tools. */
  readonly hasFormWithTools: boolean
  /** Fetches media from `https:` addresses. */
  readonly takesUrls: boolean
  /** Accepts presence and frequency penalties. */
  readonly hasPenalties: boolean
}

const VERSION = /gemini-(\d{1,2})(?:\.(\d{1,2}))?(?!\d)/
const NEVER_THINKS = /^gemma|-(?:image|tts|audio|live)\b/

// Of an unknown name (`gemini-flash-latest`, a tuned model): what every newer model accepts.
const UNKNOWN: ModelTraits = {
  thinking: 'budget',
  hasOffSwitch: true,
  minBudget: 0,
  maxBudget: 24_576,
  levels: [],
  needsSeals: false,
  hasFormWithTools: false,
  takesUrls: true,
  hasPenalties: false,
}

/** Traits by the vendor's name of the model; a path before the name (`models/…`) does not count. */
export function traitsOf(model: string): ModelTraits {
  const name = model.toLowerCase().split('/').at(-1) ?? ''
  const match = VERSION.exec(name)
  const thinks = NEVER_THINKS.test(name) ? { thinking: 'none' as const } : {}
  if (!match) return { ...UNKNOWN, ...thinks }
  const version = Number(match[1]) * 100 + Number(match[2] ?? 0)
  const isPro = name.includes('-pro')
  if (version >= 300) return { ...UNKNOWN, ...newest(version, isPro), ...thinks }
  if (version < 205) return { ...UNKNOWN, thinking: 'none', takesUrls: false, hasPenalties: true }
  const minBudget = isPro ? 128 : name.includes('-lite') ? 512 : 0
  return { ...UNKNOWN, hasOffSwitch: !isPro, minBudget, maxBudget: isPro ? 32_768 : 24_576, ...thinks }
}

function newest(version: number, isPro: boolean): Partial<ModelTraits> {
  const all = ['minimal', 'low', 'medium', 'high']
  const levels = isPro ? (version === 300 ? ['low', 'high'] : all.slice(1)) : all
  return { thinking: 'level', hasOffSwitch: !isPro, levels, needsSeals: true, hasFormWithTools: true }
}
