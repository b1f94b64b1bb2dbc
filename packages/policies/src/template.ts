import { GatewayError } from '@konnect/contract'
import type { Exchange } from '@konnect/sdk'

/** Text of a template for one exchange. */
export type Render = (exchange: Exchange) => string

const VARIABLES: Readonly<Record<string, Render>> = {
  application: ({ principal }) => principal?.application ?? '',
  applicationId: ({ principal }) => principal?.applicationId ?? '',
  api: ({ place }) => place.api ?? '',
  route: ({ place }) => place.route,
  requestId: ({ id }) => id,
  clientIp: ({ request }) => request.clientIp,
  method: ({ request }) => request.method,
  host: ({ request }) => request.host,
  path: ({ request }) => request.path,
}

/** Names that `${…}` may hold. */
export const TEMPLATE_VARIABLES: readonly string[] = Object.keys(VARIABLES)

/** Visible characters, spaces and tabs: what a field value may hold (RFC 9110 §5.5), without obsolete text. */
const FIELD_TEXT = /^[\t\x20-\x7e]*$/
const UNSAFE = /[^\t\x20-\x7e]/g

/**
 * Compiles a field value with variables such as `${application}`. A variable that has no value is empty, and characters
 * that a field cannot hold are left out of it. `$${` stands for a plain `${`.
 *
 * Throws `snapshot_invalid` for an unknown variable and for text that a field cannot hold.
 */
export function compileTemplate(policy: string, text: string): Render {
  if (!FIELD_TEXT.test(text)) throw invalid(policy, `the value "${text}" holds characters that a header cannot.`)
  const parts = splitTemplate(policy, text)
  if (parts.every((part) => typeof part === 'string')) {
    const constant = parts.join('')
    return () => constant
  }
  return (exchange) => {
    let value = ''
    for (const part of parts) value += typeof part === 'string' ? part : part(exchange).replace(UNSAFE, '')
    return value
  }
}

function splitTemplate(policy: string, text: string): (string | Render)[] {
  const parts: (string | Render)[] = []
  let rest = 0
  for (let open = text.indexOf('${'); open >= 0; open = text.indexOf('${', rest)) {
    if (text[open - 1] === '$') {
      parts.push(text.slice(rest, open - 1), '${')
      rest = open + 2
      continue
    }
    const close = text.indexOf('}', open)
    const name = close < 0 ? text.slice(open + 2) : text.slice(open + 2, close)
    const variable = Object.hasOwn(VARIABLES, name) ? VARIABLES[name] : undefined
    if (close < 0 || variable === undefined) {
      throw invalid(policy, `unknown variable "${name}"; expected one of: ${TEMPLATE_VARIABLES.join(', ')}.`)
    }
    parts.push(text.slice(rest, open), variable)
    rest = close + 1
  }
  parts.push(text.slice(rest))
  return parts
}

const invalid = (policy: string, fault: string) =>
  new GatewayError('snapshot_invalid', { detail: `${policy}: ${fault}` })
