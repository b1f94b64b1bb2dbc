import { isJsonObject, type Usage } from '@konnect/contract'
import { countOf, NO_USAGE } from '../../canonical/usage.ts'
import { objectOf } from '../../json/access.ts'

/**
 * Reads the `usage` of a response or a transcription. Input includes what came from the cache, and both include sound.
 * Null when no tokens are reported, as for transcriptions that are billed by their length.
 */
export function readRealtimeUsage(value: unknown): Usage | null {
  if (!isJsonObject(value)) return null
  const inputTokens = countOf(value.input_tokens)
  const outputTokens = countOf(value.output_tokens)
  if (inputTokens + outputTokens === 0) return null
  const input = objectOf(value.input_token_details)
  const cached = objectOf(input.cached_tokens_details)
  const output = objectOf(value.output_token_details)
  const cachedInputTokens = Math.min(countOf(input.cached_tokens), inputTokens)
  return {
    ...NO_USAGE,
    inputTokens,
    outputTokens,
    cachedInputTokens,
    inputAudioTokens: Math.min(countOf(input.audio_tokens), inputTokens),
    cachedInputAudioTokens: Math.min(countOf(cached.audio_tokens), cachedInputTokens),
    outputAudioTokens: Math.min(countOf(output.audio_tokens), outputTokens),
  }
}
