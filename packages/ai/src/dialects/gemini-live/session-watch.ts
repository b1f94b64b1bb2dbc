import { isJsonObject, type JsonObject, type Usage } from '@konnect/contract'
import { countOf, NO_USAGE } from '../../canonical/usage.ts'
import { objectsOf } from '../../json/access.ts'
import { type Span, scanObject } from '../../json/scan.ts'
import type { SessionWatch, UsageReport } from '../../ports.ts'

const FIELDS = ['usageMetadata', 'serverContent', 'toolCall']
const TURN = ['modelTurn']

/** Reads the messages of a vendor in a session of Google's Live API for what they say of usage, once for each turn. */
export class LiveWatch implements SessionWatch {
  /** The vendor sends its JSON as binary messages. */
  readonly readsBinary = true
  readonly #onUsage: (report: UsageReport) => void
  #isInTurn = false
  #isMissed = false

  constructor(onUsage: (report: UsageReport) => void) {
    this.#onUsage = onUsage
  }

  get isUnreported(): boolean {
    return this.#isMissed || this.#isInTurn
  }

  fromVendor(message: Buffer): void {
    const values = fieldsOf(message, FIELDS)
    if (values === undefined) return
    const content = values.get('serverContent')
    const isAnswered = content !== undefined && fieldsOf(message, TURN, content)?.has('modelTurn')
    if (isAnswered || values.has('toolCall')) this.#isInTurn = true
    const span = values.get('usageMetadata')
    const usage = span && readLiveUsage(JSON.parse(message.toString('utf8', span.start, span.end)))
    if (usage == null) return
    this.#isInTurn = false
    this.#onUsage({ usage })
  }

  missed(): void {
    this.#isMissed = true
  }
}

function fieldsOf(message: Buffer, names: readonly string[], range: Span = { start: 0, end: message.length }) {
  try {
    return scanObject(message, names, range).values
  } catch {
    return undefined
  }
}

/** Input is what the turn read, tools of the vendor's included; output is the answer and the thoughts beside it. */
function readLiveUsage(value: unknown): Usage | null {
  if (!isJsonObject(value)) return null
  const inputTokens = countOf(value.promptTokenCount) + countOf(value.toolUsePromptTokenCount)
  const answer = countOf(value.responseTokenCount)
  const reasoningTokens = countOf(value.thoughtsTokenCount)
  if (inputTokens + answer + reasoningTokens === 0) return null
  const cachedInputTokens = Math.min(countOf(value.cachedContentTokenCount), inputTokens)
  return {
    ...NO_USAGE,
    inputTokens,
    outputTokens: answer + reasoningTokens,
    cachedInputTokens,
    reasoningTokens,
    inputAudioTokens: Math.min(soundIn(value, 'promptTokensDetails'), inputTokens),
    cachedInputAudioTokens: Math.min(soundIn(value, 'cacheTokensDetails'), cachedInputTokens),
    outputAudioTokens: Math.min(soundIn(value, 'responseTokensDetails'), answer),
  }
}

const soundIn = (usage: JsonObject, details: string): number =>
  objectsOf(usage[details])
    .filter(({ modality }) => modality === 'AUDIO')
    .reduce((sum, { tokenCount }) => sum + countOf(tokenCount), 0)
