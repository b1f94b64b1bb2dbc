import { isJsonObject } from '@konnect/contract'
import { scanObject } from './json/scan.ts'

/** Where requests name the person behind them: OpenAI's newer and older field, and the holder of Anthropic's. */
const FIELDS = ['safety_identifier', 'user', 'metadata']

/**
 * The end user that a request names: OpenAI's `safety_identifier` or else `user`, or Anthropic's `metadata.user_id`.
 * `undefined` when it names none, or is no JSON object. Reads through the body, so ask only where it matters.
 */
export function endUserOf(body: Buffer): string | undefined {
  try {
    const { values } = scanObject(body, FIELDS)
    const [identifier, user, metadata] = FIELDS.map((field): unknown => {
      const span = values.get(field)
      return span && JSON.parse(body.toString('utf8', span.start, span.end))
    })
    const named = [identifier, user, isJsonObject(metadata) ? metadata.user_id : undefined]
    return named.find((value): value is string => typeof value === 'string' && value !== '')
  } catch {
    return undefined
  }
}
