/** What differs between the models behind this dialect. */
export interface ModelTraits {
  readonly maxTokensField: 'max_tokens' | 'max_completion_tokens'
  /** Accepts `temperature` and `top_p`. */
  readonly hasSampling: boolean
  readonly hasStop: boolean
  /** Accepts `reasoning_effort`. */
  readonly hasReasoning: boolean
}

const REASONING_MODEL = /^(?:o\d|gpt-(?:[5-9]|\d\d)(?!.*-chat))/
const NEW_FIELD_MODEL = /^(?:o\d|gpt-(?:[5-9]|\d\d))/
const PLAIN_MODEL = /^(?:gpt-[34]|chatgpt-)/

/** Traits by the vendor's name of the model; a path before the name (`openai/…`, `ft:…`) does not count. */
export function traitsOf(model: string): ModelTraits {
  const name = model.toLowerCase().replace(/^ft:/, '').split('/').at(-1) ?? ''
  const isReasoning = REASONING_MODEL.test(name)
  return {
    maxTokensField: NEW_FIELD_MODEL.test(name) ? 'max_completion_tokens' : 'max_tokens',
    hasSampling: !isReasoning,
    hasStop: !isReasoning,
    hasReasoning: !PLAIN_MODEL.test(name),
  }
}
