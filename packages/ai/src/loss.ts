import { GatewayError } from '@konnect/contract'

/**
 * What a loss means. `content`: the answer may differ from what was asked for, so strict mode refuses. `hint`: only
 * cost, speed or book-keeping change, so strict mode lets it pass; it is listed all the same.
 */
export type LossWeight = 'content' | 'hint'

/**
 * What a dialect, as a target, cannot express, under the names that clients use. A name that stands in no table counts as
 * content: nobody knows what it does.
 */
export type LossTable = Readonly<Record<string, LossWeight>>

/** What no dialect can express of another. */
export const COMMON_LOSSES: LossTable = {
  service_tier: 'hint',
  metadata: 'hint',
  store: 'hint',
  user: 'hint',
  safety_identifier: 'hint',
  prompt_cache_key: 'hint',
  prompt_cache_retention: 'hint',
  prediction: 'hint',
  stream_options: 'hint',
  'messages.name': 'hint',
  thinking_signature: 'hint',
  include: 'hint',
  truncation: 'hint',
  max_tool_calls: 'hint',
  context_management: 'hint',
  prompt_cache_options: 'hint',
  prompt_cache_breakpoint: 'hint',
  'text.verbosity': 'hint',
  'reasoning.context': 'hint',
  'reasoning.mode': 'hint',
  'input_image.detail': 'hint',
  suffix: 'content',
  echo: 'content',
  best_of: 'content',
}

const MAX_NAMES = 32
const MAX_NAME = 64

/** Collects what one request loses on its way to one target. */
export class LossRecorder {
  readonly #table: LossTable
  readonly #names = new Set<string>()

  constructor(table: LossTable) {
    this.#table = table
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
    const lost = this.names.filter((name) => weightOf(this.#table, name) === 'content')
    if (lost.length === 0) return
    throw new GatewayError('unsupported_feature', {
      detail: `The chosen model cannot express: ${lost.join(', ')}.`,
    })
  }
}

// `tools.web_search` is a case of `tools`, unless it has a row of its own.
function weightOf(table: LossTable, name: string): LossWeight {
  return table[name] ?? table[name.split('.')[0] ?? name] ?? 'content'
}
