import type { ModelCapability } from '@konnect/contract'

interface Rule {
  /** Matched against the lower-case id, wherever a reseller put the maker's name before it. */
  readonly id: RegExp
  readonly can: readonly ModelCapability[]
}

/**
 * What the makers document of their families of models; the first rule that fits holds. Whatever fits none is unknown:
 * a guess would hide models or promise what they cannot do.
 */
const RULES: readonly Rule[] = [
  { id: /embed|(?:^|\/)bge-|voyage-\d|voyage-(?:code|law|finance)/, can: ['embeddings'] },
  { id: /claude-(?:2|instant)/, can: [] },
  { id: /claude-(?:3-7|3\.7|opus-[45]|sonnet-[45]|haiku-[45]|fable)/, can: ['vision', 'tools', 'reasoning'] },
  { id: /claude-3/, can: ['vision', 'tools'] },
  { id: /gpt-(?:3\.5-turbo)(?!-instruct)/, can: ['tools'] },
  { id: /gpt-4o(?:-mini)?-(?:audio|realtime)/, can: ['audio', 'tools'] },
  { id: /gpt-4o(?:-mini)?-(?:tts|transcribe)/, can: ['audio'] },
  { id: /gpt-oss/, can: ['tools', 'reasoning'] },
  { id: /gpt-4(?:o|\.1)(?!.*search)/, can: ['vision', 'tools'] },
  { id: /gpt-5(?!.*image)/, can: ['vision', 'tools', 'reasoning'] },
  { id: /(?:^|\/)(?:o3-mini|o1-mini|o1-preview)/, can: ['reasoning'] },
  { id: /(?:^|\/)(?:o1|o3|o4-mini)(?:-|$)/, can: ['vision', 'tools', 'reasoning'] },
  { id: /gemini-(?:2\.5|3)(?!.*(?:image|tts))/, can: ['vision', 'audio', 'tools', 'reasoning'] },
  { id: /gemini-(?:1\.5|2\.0)(?!.*image)/, can: ['vision', 'audio', 'tools'] },
  { id: /pixtral|mistral-(?:small|medium)-3|mistral-large-3/, can: ['vision', 'tools'] },
  { id: /magistral/, can: ['tools', 'reasoning'] },
  { id: /mistral-(?:large|small|medium)|ministral|codestral|devstral/, can: ['tools'] },
  { id: /deepseek-(?:r1|reasoner)/, can: ['reasoning'] },
  { id: /deepseek-(?:chat|v3)/, can: ['tools'] },
  { id: /grok-4/, can: ['vision', 'tools', 'reasoning'] },
  { id: /grok-3-mini/, can: ['tools', 'reasoning'] },
  { id: /grok-3/, can: ['tools'] },
  { id: /llama-?4|llama-?3\.2-(?:11|90)b/, can: ['vision', 'tools'] },
  { id: /llama-?3[.p][13]/, can: ['tools'] },
  { id: /qwen[\d.p]*-?vl|qvq/, can: ['vision'] },
  { id: /qwq/, can: ['reasoning'] },
  { id: /command-(?:a|r)/, can: ['tools'] },
]

/** What a model is known to be able to do by its id; null when nothing is. */
export function knownCapabilities(id: string): ModelCapability[] | null {
  const lower = id.toLowerCase()
  const rule = RULES.find((one) => one.id.test(lower))
  return rule === undefined ? null : [...rule.can]
}
