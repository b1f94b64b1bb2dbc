import type { HeaderList } from '@konnect/contract'
import type { ExchangeRequest } from '@konnect/sdk'

/** Where a key may stand. Header names are lower-case. */
export type CredentialPlace =
  | { readonly kind: 'header'; readonly name: string }
  | { readonly kind: 'query'; readonly name: string }

/** A key as it was found. */
export interface Credential {
  readonly place: CredentialPlace
  readonly value: string
  /** Looks like a signed token (RFC 7519): then it may be meant for another policy. */
  readonly isToken: boolean
}

/** What stands at `place`; undefined when nothing does, or when it is not a key. */
export function readCredential(request: ExchangeRequest, place: CredentialPlace): Credential | undefined {
  const value =
    place.kind === 'query' ? queryValue(request.query, place.name) : headerValue(request.headers, place.name)
  return value === undefined || value === '' ? undefined : { place, value, isToken: isToken(place, value) }
}

/** Takes the credential, and nothing else, out of the request. */
export function removeCredential(request: ExchangeRequest, { place, value }: Credential): void {
  if (place.kind === 'query') {
    request.query = request.query
      .split('&')
      .filter((pair) => nameOf(pair) !== place.name)
      .join('&')
    return
  }
  const { headers } = request
  for (let i = headers.length - 2; i >= 0; i -= 2) {
    if (headers[i] === place.name && keyIn(place.name, headers[i + 1] ?? '') === value) headers.splice(i, 2)
  }
}

function headerValue(headers: HeaderList, name: string): string | undefined {
  for (let i = 0; i < headers.length; i += 2) {
    if (headers[i] !== name) continue
    const key = keyIn(name, headers[i + 1] ?? '')
    if (key !== undefined) return key
  }
  return undefined
}

// RFC 9110 §11.1: the name of a scheme is case-insensitive.
function keyIn(name: string, value: string): string | undefined {
  if (name !== 'authorization') return value.trim()
  return value.length > 7 && value.slice(0, 7).toLowerCase() === 'bearer ' ? value.slice(7).trim() : undefined
}

const isToken = (place: CredentialPlace, value: string): boolean =>
  place.kind === 'header' && value.startsWith('eyJ') && value.split('.', 4).length === 3

function queryValue(query: string, name: string): string | undefined {
  if (!query.includes(name)) return undefined
  for (const pair of query.split('&')) {
    if (nameOf(pair) !== name) continue
    return decode(pair.slice(pair.indexOf('=') + 1))
  }
  return undefined
}

const nameOf = (pair: string): string | undefined => {
  const equals = pair.indexOf('=')
  return equals < 0 ? undefined : pair.slice(0, equals)
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
