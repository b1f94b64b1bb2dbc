import { GatewayError, type Json, type JsonObject } from '@konnect/contract'
import type { ChatRequest } from '../../canonical/request.ts'
import { arrayOf, numberOf, objectOf, textOf } from '../../json/access.ts'
import { readExtras } from '../../openai/extras.ts'

const MODELLED: ReadonlySet<string> = new Set([
  'model',
  'prompt',
  'max_tokens',
  'temperature',
  'top_p',
  'stop',
  'user',
  'stream',
  'stream_options',
])

/** Values that ask for nothing: leaving these fields out changes nothing. */
const NEUTRAL: Readonly<Record<string, readonly Json[]>> = {
  n: [1],
  best_of: [1],
  echo: [false],
  suffix: [''],
  frequency_penalty: [0],
  presence_penalty: [0],
}

/**
 * Reads a Completions request as one user message. Without `max_tokens` the target's own default holds, not the 16 tokens
 * of this format: thinking models would spend those before the first word. Throws `invalid_request`, and
 * `unsupported_feature` for prompts that are no single text.
 */
export function readRequest(body: JsonObject): ChatRequest {
  const maxTokens = numberOf(body.max_tokens)
  const temperature = numberOf(body.temperature)
  const topP = numberOf(body.top_p)
  const user = textOf(body.user)
  return {
    messages: [{ role: 'user', parts: [{ type: 'text', text: readPrompt(body.prompt) }] }],
    tools: [],
    stop: typeof body.stop === 'string' ? [body.stop] : arrayOf(body.stop).filter((s) => typeof s === 'string'),
    isStream: body.stream === true,
    wantsUsage: objectOf(body.stream_options).include_usage === true,
    extras: readExtras(body, MODELLED, NEUTRAL),
    losses: [],
    ...(maxTokens === undefined ? {} : { maxTokens }),
    ...(temperature === undefined ? {} : { temperature }),
    ...(topP === undefined ? {} : { topP }),
    ...(user === undefined ? {} : { user }),
  }
}

function readPrompt(prompt: unknown): string {
  const only = Array.isArray(prompt) && prompt.length === 1 ? prompt[0] : prompt
  if (typeof only === 'string' && only !== '') return only
  if (Array.isArray(only) ? only.length > 0 : typeof only === 'number' && Array.isArray(prompt)) {
    throw new GatewayError('unsupported_feature', {
      detail: 'The chosen model takes one "prompt" as text: it cannot express several prompts or lists of tokens.',
    })
  }
  throw new GatewayError('invalid_request', { detail: '"prompt" must be a text that is not empty.' })
}
