import { GatewayError } from '@konnect/contract'
import type { DialectId } from './ports.ts'

/**
 * What a loss means. `content`: the answer may differ from what was asked for, so strict mode refuses. `hint`: only
 * cost, speed or book-keeping change, so strict mode lets it pass; it is listed all the same.
 */
export type LossWeight = 'content' | 'hint'

type LossTable = Readonly<Record<string, LossWeight>>

const COMMON: LossTable = {
  service_tier: 'hint',
  metadata: 'hint',
  store: 'hint',
  'messages.name': 'hint',
  thinking_signature: 'hint',
}

/**
 * What the other dialects can say and this one, as a target, cannot. Names are the ones clients use. A field that stands
 * in no table counts as content: nobody knows what it does.
 */
export const LOSSES: Readonly<Record<DialectId, LossTable>> = {
  'anthropic-messages': {
    ...COMMON,
    n: 'content',
    logprobs: 'content',
    top_logprobs: 'content',
    logit_bias: 'content',
    seed: 'content',
    frequency_penalty: 'content',
    presence_penalty: 'content',
    modalities: 'content',
    audio: 'content',
    web_search_options: 'content',
    reasoning_effort: 'content',
    tool_choice: 'content',
    response_format: 'content',
    temperature: 'content',
    top_p: 'content',
    top_k: 'content',
    stop: 'content',
    tools: 'content',
    input_audio: 'content',
    file: 'content',
    image: 'content',
    prediction: 'hint',
    verbosity: 'hint',
    safety_identifier: 'hint',
    prompt_cache_key: 'hint',
    prompt_cache_retention: 'hint',
    'image_url.detail': 'hint',
    'tools.strict': 'hint',
  },
  'openai-chat': {
    ...COMMON,
    top_k: 'content',
    temperature: 'content',
    top_p: 'content',
    thinking: 'content',
    stop_sequences: 'content',
    tools: 'content',
    image: 'content',
    document: 'content',
    container: 'content',
    mcp_servers: 'content',
    context_management: 'hint',
    cache_control: 'hint',
    citations: 'hint',
    inference_geo: 'hint',
    'tool_result.is_error': 'hint',
  },
}

const MAX_NAMES = 32
const MAX_NAME = 64

/** Collects what one request loses on its way to one target. */
export class LossRecorder {
  readonly #target: DialectId
  readonly #names = new Set<string>()

  constructor(target: DialectId) {
    this.#target = target
  }

  /** Notes that `name`, as the client calls it, was left out. Names become header text, so odd ones are made plain. */
  drop(name: string): void {
    if (this.#names.size < MAX_NAMES) this.#names.add(name.slice(0, MAX_NAME).replace(/[^A-Za-z0-9_.-]/g, '_'))
  }

  /** Everything that was left out, in order. */
  get names(): readonly string[] {
    return [...this.#names]
  }

  /** Throws `unsupported_feature` when something was left out that may change the answer. */
  refuse(): void {
    const lost = this.names.filter((name) => weightOf(this.#target, name) === 'content')
    if (lost.length === 0) return
    throw new GatewayError('unsupported_feature', {
      detail: `The chosen model cannot express: ${lost.join(', ')}.`,
    })
  }
}

// `tools.web_search` is a case of `tools`, unless it has a row of its own.
function weightOf(target: DialectId, name: string): LossWeight {
  const table = LOSSES[target]
  return table[name] ?? table[name.split('.')[0] ?? name] ?? 'content'
}
