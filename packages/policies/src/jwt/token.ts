import { type HeaderList, removeHeader } from '@konnect/contract'

const MAX_TOKEN_LENGTH = 16 * 1024

/** The signed token (RFC 7519, compact form) in a field; undefined when there is none, or something else. */
export function readToken(headers: HeaderList, name: string): string | undefined {
  for (let i = 0; i < headers.length; i += 2) {
    if (headers[i] !== name) continue
    const token = tokenIn(name, headers[i + 1] ?? '')
    if (token !== undefined) return token
  }
  return undefined
}

/** Takes the token, and nothing else, out of the request. */
export function removeToken(headers: HeaderList, name: string): void {
  if (name !== 'authorization') {
    removeHeader(headers, name)
    return
  }
  for (let i = headers.length - 2; i >= 0; i -= 2) {
    if (headers[i] === name && tokenIn(name, headers[i + 1] ?? '') !== undefined) headers.splice(i, 2)
  }
}

function tokenIn(name: string, value: string): string | undefined {
  const text = withoutScheme(value)
  if (text === undefined && name === 'authorization') return undefined
  const token = (text ?? value).trim()
  return isTokenShaped(token) ? token : undefined
}

const withoutScheme = (value: string): string | undefined =>
  value.length > 7 && value.slice(0, 7).toLowerCase() === 'bearer ' ? value.slice(7) : undefined

// Every JOSE header is a JSON object, so its base64url begins with eyJ, or ew where white space follows the brace.
const isTokenShaped = (text: string): boolean =>
  text.length <= MAX_TOKEN_LENGTH &&
  (text.startsWith('eyJ') || text.startsWith('ew')) &&
  text.split('.', 4).length === 3
