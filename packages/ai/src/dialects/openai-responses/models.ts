/** What differs between the models behind this dialect. */
export interface ModelTraits {
  /** Accepts `temperature` and `top_p`. */
  readonly hasSampling: boolean
  /** Accepts `reasoning.effort`. */
  readonly hasReasoning: boolean
  /** Gives out encrypted reasoning when asked to; the others refuse to be asked. */
  readonly hasEncryptedReasoning: boolean
}

const REASONING_MODEL = /^(?:o\d|gpt-(?:[5-9]|\d\d)(?!.*-chat))/
const PLAIN_MODEL = /^(?:gpt-[34]|chatgpt-)/

/** Traits by the vendor's name of the model; a path before the name (`openai/…`, `ft:…`) does not count. */
export function traitsOf(model: string): ModelTraits {
  const name = model.toLowerCase().replace(/^ft:/, '').split('/').at(-1) ?? ''
  const isReasoning = REASONING_MODEL.test(name)
  return { hasSampling: !isReasoning, hasReasoning: !PLAIN_MODEL.test(name), hasEncryptedReasoning: isReasoning }
}
