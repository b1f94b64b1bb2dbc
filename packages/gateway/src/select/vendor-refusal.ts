import { isJsonObject } from '@konnect/contract'

/** Why a vendor refuses a request that another deployment may well answer. */
export type Refusal = 'context_overflow' | 'content_filter'

const BAD_REQUEST = 400

const CODES: Readonly<Record<string, Refusal>> = {
  context_length_exceeded: 'context_overflow',
  model_max_prompt_tokens_exceeded: 'context_overflow',
  content_filter: 'content_filter',
  content_policy_violation: 'content_filter',
  ResponsibleAIPolicyViolation: 'content_filter',
}

const MESSAGES: readonly (readonly [pattern: RegExp, refusal: Refusal])[] = [
  [/maximum context length/i, 'context_overflow'],
  [/prompt is too long/i, 'context_overflow'],
  [/input is too long/i, 'context_overflow'],
  [/exceeds? (?:the |this )?(?:model(?:'s)? )?(?:maximum )?context (?:length|limit|window|size)/i, 'context_overflow'],
  [/input token count.{0,80}exceeds the maximum/i, 'context_overflow'],
  [/blocked by (?:the |our )?content (?:filter|management policy)|content management policy/i, 'content_filter'],
]

/** Whether an answer with this status may hold a {@link Refusal}. */
export const mayRefuse = (status: number): boolean => status === BAD_REQUEST

/**
 * Recognises what the error of a vendor says about the request: that its context is too long, or that a content filter
 * refused it. By code where there is one, by the known messages where there is only a sentence. Only status 400 is looked
 * at; `undefined` for every other fault.
 */
export function refusalOf(status: number, body: Uint8Array): Refusal | undefined {
  if (!mayRefuse(status)) return undefined
  const error = errorIn(body)
  const inner = isJsonObject(error?.innererror) ? error.innererror : undefined
  const codes = [error?.code, error?.type, inner?.code].filter((code) => typeof code === 'string')
  const byCode = codes.find((code) => Object.hasOwn(CODES, code))
  if (byCode !== undefined) return CODES[byCode]
  const message = error?.message
  return typeof message === 'string' ? MESSAGES.find(([pattern]) => pattern.test(message))?.[1] : undefined
}

/** The object that holds code and message: nested, inside an array, or flat. */
function errorIn(body: Uint8Array) {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString())
    const first: unknown = Array.isArray(parsed) ? parsed[0] : parsed
    if (!isJsonObject(first)) return undefined
    return isJsonObject(first.error) ? first.error : first
  } catch {
    return undefined
  }
}
