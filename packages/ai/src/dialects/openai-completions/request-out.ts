import type { ChatRequest } from '../../canonical/request.ts'
import { compact } from '../../json/access.ts'
import type { LossRecorder } from '../../loss.ts'
import { takeShared } from '../../openai/extras.ts'
import type { DialectRequest } from '../dialect.ts'
import { writePrompt } from './prompt-out.ts'

const MAX_STOPS = 4
// Without a limit vendors of this dialect stop after 16 tokens, which no client of a chat dialect expects.
const DEFAULT_MAX_TOKENS = 1024

/** Writes a Completions request for a vendor. Throws `invalid_request` when nothing is said. */
export function writeRequest(request: ChatRequest, model: string, losses: LossRecorder): DialectRequest {
  const { shared, rest } = takeShared(request.extras)
  for (const name of [...request.losses, ...rest, ...unsayable(request)]) losses.drop(name)
  const { stop, isStream } = request
  const body = compact({
    model,
    prompt: writePrompt(request.messages, losses),
    max_tokens: request.maxTokens ?? DEFAULT_MAX_TOKENS,
    temperature: request.temperature,
    top_p: request.topP,
    ...shared,
    stop: stop.length === 0 ? undefined : stop.slice(0, MAX_STOPS),
    user: request.user,
    stream: isStream ? true : undefined,
    stream_options: isStream ? { include_usage: true } : undefined,
  })
  return { body, memo: { restoreToolName: (name) => name } }
}

function* unsayable({ tools, topK, reasoning, output, stop }: ChatRequest): Generator<string> {
  if (tools.length > 0) yield 'tools'
  if (topK !== undefined) yield 'top_k'
  if (reasoning?.isOn) yield 'reasoning_effort'
  if (output !== undefined) yield 'response_format'
  if (stop.length > MAX_STOPS) yield 'stop'
}
