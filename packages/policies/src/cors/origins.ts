import { GatewayError } from '@konnect/contract'

/** Whether a request's Origin is one of those that are allowed. */
export type OriginTest = (origin: string) => boolean

interface Wildcard {
  readonly scheme: string
  /** With the dot in front, and the port where one was given. */
  readonly ending: string
}

/**
 * Compiles exact origins, `scheme://*.domain` for one or more labels in front, and `*`.
 * Throws `snapshot_invalid` for anything else.
 */
export function compileOrigins(texts: readonly string[]): OriginTest {
  if (texts.includes('*')) return () => true
  const exact = new Set<string>()
  const wildcards: Wildcard[] = []
  for (const text of texts) {
    const origin = text.toLowerCase()
    const [scheme, host = ''] = origin.split('://', 2)
    if (host.startsWith('*.')) wildcards.push({ scheme: `${scheme}://`, ending: host.slice(1) })
    else exact.add(normalOrigin(origin, text))
  }
  return (origin) => exact.has(origin) || wildcards.some((wildcard) => isBelow(origin, wildcard))
}

// Browsers send the serialisation of RFC 6454 §6.2: lower-case, without a default port.
function normalOrigin(origin: string, given: string): string {
  if (origin === 'null') return origin
  try {
    const url = new URL(origin)
    if (url.origin !== 'null') return url.origin
    return `${url.protocol}//${url.host}`
  } catch {
    throw new GatewayError('snapshot_invalid', { detail: `cors: expected an origin, got "${given}".` })
  }
}

function isBelow(origin: string, { scheme, ending }: Wildcard): boolean {
  if (!origin.startsWith(scheme) || !origin.endsWith(ending)) return false
  const labels = origin.slice(scheme.length, origin.length - ending.length)
  return labels !== '' && !labels.includes('/') && !labels.includes(':') && !labels.includes('@')
}
