/** A configured path, taken apart. `/a/{x}/b` has the literals `/a/` and `/b` around the name `x`. */
export interface PathPattern {
  /** Text before, between and after the parameters: always one more than there are names. */
  readonly literals: readonly string[]
  readonly names: readonly string[]
  /** The request path has to end where the pattern does. */
  readonly isExact: boolean
}

/**
 * Reads one configured path. A segment that is `{name}` and nothing else is a parameter, everything else is literal.
 * Literals are normalised as request paths are (RFC 3986 §6.2.2), so `/caf%c3%a9`, `/café` and `/caf%C3%A9` are one path.
 * A prefix is made of whole segments, so a slash at its end says nothing and is dropped; in an exact path it counts.
 */
export function parsePathPattern(path: string, match: 'prefix' | 'exact'): PathPattern {
  const isExact = match === 'exact'
  const names: string[] = []
  const literals: string[] = []
  let literal = ''
  for (const segment of segmentsOf(isExact ? path : withoutTrailingSlashes(path))) {
    literal += '/'
    const name = PARAMETER.exec(segment)?.[1]
    if (name === undefined) {
      literal += normaliseLiteral(segment)
      continue
    }
    names.push(name)
    literals.push(literal)
    literal = ''
  }
  literals.push(literal)
  return { literals, names, isExact }
}

/** Text that is equal for two patterns exactly when they match the same paths; names do not count. */
export function pathPatternKey(pattern: PathPattern): string {
  return `${pattern.isExact ? '=' : '^'}${pattern.literals.join('{}')}`
}

const PARAMETER = /^\{([^{}]+)\}$/
const UNRESERVED = /[A-Za-z0-9._~-]/

function segmentsOf(path: string): string[] {
  return path === '' ? [] : path.slice(1).split('/')
}

function withoutTrailingSlashes(path: string): string {
  let end = path.length
  while (end > 0 && path[end - 1] === '/') end--
  return path.slice(0, end)
}

function normaliseLiteral(text: string): string {
  return text.replace(/%[0-9A-Fa-f]{2}|[^\x21-\x7e]+/g, (part) =>
    part[0] === '%' ? normaliseTriplet(part) : percentEncode(part),
  )
}

function normaliseTriplet(triplet: string): string {
  const character = String.fromCharCode(Number.parseInt(triplet.slice(1), 16))
  return UNRESERVED.test(character) ? character : triplet.toUpperCase()
}

function percentEncode(text: string): string {
  let encoded = ''
  for (const byte of Buffer.from(text, 'utf8')) encoded += `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
  return encoded
}
