import { isJsonObject, type Json, type TextFetcher } from '@konnect/contract'
import { numberOf, textOf } from '../json/access.ts'

/** What is asked of a token endpoint. */
export interface TokenRequest {
  /** Absolute URL of the endpoint. */
  readonly url: string
  /** Parameters of the grant; the values may be secrets. */
  readonly form: Readonly<Record<string, string>>
}

/** An access token as the key that it stands for. */
export interface AccessToken {
  readonly apiKey: string
  /** Milliseconds since the epoch. */
  readonly expiresAtMs: number
}

const LONGEST_REASON = 300
/** Parameters shorter than this say nothing that an error must not repeat. */
const SHORTEST_SECRET = 8
const TOKEN = /^[\x21-\x7e]+$/

/**
 * Gets an access token from an OAuth 2.0 token endpoint (RFC 6749 §5.1). `nowMs` is since the epoch, and the token's time
 * counts from there, so that it ends here no later than there. Rejects with an Error that repeats what the endpoint says is
 * wrong (§5.2), without anything that was sent.
 */
export async function requestAccessToken(
  fetchText: TextFetcher,
  { url, form }: TokenRequest,
  nowMs: number,
): Promise<AccessToken> {
  const { status, text } = await fetchText({
    method: 'POST',
    url,
    headers: ['content-type', 'application/x-www-form-urlencoded', 'accept', 'application/json'],
    body: new URLSearchParams(form).toString(),
  })
  const answer = parsed(text)
  if (status !== 200) throw new Error(`${url} answers ${status}${refusalIn(answer, Object.values(form))}`)
  const apiKey = textOf(answer.access_token)
  const lifetimeS = lifetimeOf(answer.expires_in)
  if (apiKey === undefined || !TOKEN.test(apiKey)) throw new Error(`${url} answers without an access token`)
  if (lifetimeS === undefined) throw new Error(`${url} does not say when its access token expires`)
  return { apiKey, expiresAtMs: nowMs + lifetimeS * 1000 }
}

// Seconds; older endpoints write the number as text.
function lifetimeOf(value: Json | undefined): number | undefined {
  const lifetime = numberOf(value) ?? Number.parseInt(textOf(value) ?? '', 10)
  return Number.isFinite(lifetime) ? lifetime : undefined
}

function parsed(text: string): Readonly<Record<string, Json>> {
  try {
    const answer: unknown = JSON.parse(text)
    return isJsonObject(answer) ? answer : {}
  } catch {
    return {}
  }
}

// IBM's endpoint has fields of its own for what OAuth calls error and error_description.
function refusalIn(answer: Readonly<Record<string, Json>>, sent: readonly string[]): string {
  const said = [
    textOf(answer.error) ?? textOf(answer.errorCode),
    textOf(answer.error_description) ?? textOf(answer.errorMessage),
  ]
  const reason = said.filter((one) => one !== undefined).join(', ')
  const secrets = sent.filter((value) => value.length >= SHORTEST_SECRET)
  const safe = secrets.reduce((kept, secret) => kept.replaceAll(secret, '***'), reason)
  return safe === '' ? '' : `: ${safe.replace(/\s+/g, ' ').slice(0, LONGEST_REASON)}`
}
