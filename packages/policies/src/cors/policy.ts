import {
  closed,
  DurationSchema,
  GatewayError,
  type HeaderList,
  headerOf,
  OneOf,
  parseDurationMs,
  removeHeader,
  setHeader,
} from '@konnect/contract'
import { definePolicy, type Exchange } from '@konnect/sdk'
import { type Static, Type } from 'typebox'
import { compileOrigins } from './origins.ts'

const TOKEN = "^(\\*|[A-Za-z0-9!#$%&'+.^_`|~-]{1,64})$"

const settings = closed({
  origins: Type.Optional(
    Type.Array(
      Type.String({ pattern: '^(\\*|null|[A-Za-z][A-Za-z0-9+.-]*://(\\*\\.)?[^\\s/*@?#]+)$', maxLength: 300 }),
      {
        title: 'Origins',
        description: 'Exact origins, https://*.example.com for any subdomain, or * for everyone.',
        examples: [['https://app.example.com']],
        default: ['*'],
        minItems: 1,
        maxItems: 1000,
      },
    ),
  ),
  methods: Type.Optional(
    Type.Array(Type.String({ pattern: '^(\\*|[A-Z][A-Z-]{0,31})$' }), {
      title: 'Methods',
      default: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
      maxItems: 32,
    }),
  ),
  headers: Type.Optional(
    Type.Array(Type.String({ pattern: TOKEN }), {
      title: 'Request headers',
      description: 'Fields that scripts may send; * allows whatever the browser asks for.',
      default: ['*'],
      maxItems: 100,
    }),
  ),
  exposeHeaders: Type.Optional(
    Type.Array(Type.String({ pattern: TOKEN }), {
      title: 'Exposed headers',
      description: 'Response fields that scripts may read besides the safe ones.',
      default: [],
      maxItems: 100,
    }),
  ),
  credentials: Type.Optional(
    Type.Boolean({
      title: 'Credentials',
      description: 'Lets scripts send cookies. Needs listed origins.',
      default: false,
    }),
  ),
  maxAge: Type.Optional(
    DurationSchema({ title: 'Max age', description: 'How long browsers keep a preflight.', default: '10m' }),
  ),
  disallowed: Type.Optional(
    OneOf(['ignore', 'reject'], {
      title: 'Other origins',
      description: 'ignore: no CORS fields, the browser refuses. reject: 403 without asking the upstream.',
      default: 'ignore',
    }),
  ),
})
type Settings = Static<typeof settings>

const RESPONSE_FIELDS = [
  'access-control-allow-origin',
  'access-control-allow-credentials',
  'access-control-expose-headers',
] as const

/** Cross-origin resource sharing, by the Fetch Standard §3.2. */
export const cors = definePolicy({
  id: 'cors',
  title: 'CORS',
  description: 'Lets scripts of other origins call, and answers their preflights.',
  settings,
  phases: ['match', 'return'],
  failure: 'none',
  compile(given) {
    assertSafe(given)
    const { origins = ['*'] } = given
    const isAllowed = compileOrigins(origins)
    const isForAll = origins.includes('*')
    const fields = responseFields(given)
    const preflight = compilePreflight(given)
    const welcomed = Symbol('cors')
    return {
      match(exchange) {
        const origin = headerOf(exchange.request.headers, 'origin')
        if (!isForAll) exchange.addResponseHeader('vary', 'Origin')
        if (origin === undefined) return
        const isWelcome = isAllowed(origin)
        if (!isWelcome && given.disallowed === 'reject') throw new GatewayError('origin_denied')
        const isPreflight = isPreflightRequest(exchange)
        if (isWelcome) share(exchange, origin)
        if (isPreflight) exchange.answer({ status: 204, headers: isWelcome ? preflight(exchange) : [] })
      },
      return(exchange) {
        const { response } = exchange
        if (response === undefined) return
        for (const name of RESPONSE_FIELDS) removeHeader(response.headers, name)
        const origin = exchange.notes.get(welcomed)
        if (typeof origin !== 'string') return
        setHeader(response.headers, 'access-control-allow-origin', origin)
        for (let i = 0; i < fields.length; i += 2) setHeader(response.headers, fields[i] ?? '', fields[i + 1] ?? '')
      },
    }

    function share(exchange: Exchange, origin: string): void {
      const shown = isForAll ? '*' : origin
      exchange.notes.set(welcomed, shown)
      exchange.setResponseHeader('access-control-allow-origin', shown)
      for (let i = 0; i < fields.length; i += 2) exchange.setResponseHeader(fields[i] ?? '', fields[i + 1] ?? '')
    }
  },
})

function assertSafe({ credentials, origins = ['*'] }: Settings): void {
  if (credentials !== true) return
  if (origins.includes('*') || origins.includes('null')) {
    throw new GatewayError('snapshot_invalid', { detail: 'cors: credentials need listed origins, not * or null.' })
  }
}

const isPreflightRequest = ({ request }: Exchange): boolean =>
  request.method === 'OPTIONS' && headerOf(request.headers, 'access-control-request-method') !== undefined

function responseFields({ credentials, exposeHeaders = [] }: Settings): HeaderList {
  const fields: HeaderList = []
  if (credentials === true) fields.push('access-control-allow-credentials', 'true')
  if (exposeHeaders.length > 0) fields.push('access-control-expose-headers', exposeHeaders.join(', '))
  return fields
}

function compilePreflight(given: Settings): (exchange: Exchange) => HeaderList {
  const methods = given.methods ?? ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']
  const headers = given.headers ?? ['*']
  const maxAge = String(Math.floor(parseDurationMs(given.maxAge ?? '10m') / 1000))
  const echoesMethod = methods.includes('*')
  const echoesHeaders = headers.includes('*')
  const vary = [
    ...(echoesMethod ? ['Access-Control-Request-Method'] : []),
    ...(echoesHeaders ? ['Access-Control-Request-Headers'] : []),
  ].join(', ')
  return ({ request }) => {
    const asked = headerOf(request.headers, 'access-control-request-headers')
    const allowedHeaders = echoesHeaders ? asked : headers.join(', ')
    const allowedMethods = echoesMethod
      ? (headerOf(request.headers, 'access-control-request-method') ?? '')
      : methods.join(', ')
    const answer = ['access-control-allow-methods', allowedMethods, 'access-control-max-age', maxAge]
    if (allowedHeaders !== undefined && allowedHeaders !== '')
      answer.push('access-control-allow-headers', allowedHeaders)
    if (vary !== '') answer.push('vary', vary)
    return answer
  }
}
