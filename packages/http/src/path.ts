const NEEDS_WORK = /[%\\]|\/[./]/
const UNRESERVED = /[A-Za-z0-9._~-]/

/**
 * The normal form of a request path (RFC 3986 §6.2.2 and §5.2.4), so that what is matched is what goes upstream: percent
 * codes of unreserved characters are decoded, the others written in upper case, dot segments resolved (encoded ones too)
 * and slashes in a row collapsed. An encoded slash stays an opaque character of its segment.
 *
 * `undefined` for a path that must be refused: not starting with a slash, with a backslash (encoded ones too), a NUL or a
 * broken percent code, one that climbs above the root, or one in which decoding `%2F` would yield a dot segment.
 */
export function normalizePath(raw: string): string | undefined {
  if (raw.charCodeAt(0) !== 0x2f) return undefined
  return NEEDS_WORK.test(raw) ? normalizeSlowly(raw) : raw
}

function normalizeSlowly(raw: string): string | undefined {
  const decoded = decodeUnreserved(raw)
  if (decoded === undefined) return undefined
  const kept: string[] = []
  const segments = decoded.split('/')
  const last = segments.length - 1
  for (let i = 1; i <= last; i++) {
    const segment = segments[i] ?? ''
    if (hidesDotSegment(segment)) return undefined
    if (segment === '..') {
      if (kept.length === 0) return undefined
      kept.pop()
    } else if (segment !== '.' && segment !== '') {
      kept.push(segment)
      continue
    }
    // A path that ends in a slash or a dot segment names a folder, and keeps its slash.
    if (i === last && kept.length > 0) return `/${kept.join('/')}/`
  }
  return `/${kept.join('/')}`
}

/** Some servers decode `%2F` before they look for dot segments; for those, `a%2F..` would be one. */
function hidesDotSegment(segment: string): boolean {
  if (!segment.includes('%2F')) return false
  return segment.split('%2F').some((part) => part === '.' || part === '..')
}

function decodeUnreserved(raw: string): string | undefined {
  if (raw.includes('\\')) return undefined
  let out = ''
  let from = 0
  for (let at = raw.indexOf('%'); at >= 0; at = raw.indexOf('%', at + 1)) {
    const digits = raw.slice(at + 1, at + 3)
    if (!/^[0-9A-Fa-f]{2}$/.test(digits)) return undefined
    const code = Number.parseInt(digits, 16)
    if (code === 0 || code === 0x5c) return undefined
    const character = String.fromCharCode(code)
    out += raw.slice(from, at) + (UNRESERVED.test(character) ? character : `%${digits.toUpperCase()}`)
    from = at + 3
  }
  return out + raw.slice(from)
}
