import { createHash, timingSafeEqual } from 'node:crypto'
import { GatewayError } from '@konnect/contract'
import type { FastifyRequest } from 'fastify'
import type { Actor } from '../audit/event.ts'
import type { Identity, Principal } from '../identity/identity.ts'
import type { App } from './app.ts'

/** Who may use a route: everyone, signed-in users and API tokens (default), or gateways. */
export type Access = 'public' | 'user' | 'gateway'

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access
  }
  interface FastifyRequest {
    /** Set on routes for users. */
    principal: Principal | undefined
  }
}

/** Name of the session cookie. */
export const SESSION_COOKIE = 'konnect_session'

/** Where the control API begins. */
export const API_PREFIX = '/api/v1'

/**
 * Guards every route of the control API. A route that says nothing is for users: who forgets to think of access gets the
 * safe answer. Outside of the API are the console's files and the probes, which everyone may see.
 */
export function guardRoutes(app: App, identity: Identity, gatewayToken: string): void {
  app.decorateRequest('principal', undefined)
  app.addHook('onRequest', async (request) => {
    const access = accessOf(request)
    if (access === 'gateway') demandGateway(request, gatewayToken)
    if (access === 'user') request.principal = await authenticate(request, identity)
  })
}

function accessOf({ is404, routeOptions }: FastifyRequest): Access {
  if (is404 || !routeOptions.url?.startsWith(`${API_PREFIX}/`)) return 'public'
  return routeOptions.config.access ?? 'user'
}

async function authenticate(request: FastifyRequest, identity: Identity): Promise<Principal> {
  const bearer = bearerOf(request)
  if (bearer !== undefined) return identity.ofToken(bearer)
  const cookie = request.cookies[SESSION_COOKIE]
  if (cookie === undefined) throw new GatewayError('unauthenticated')
  if (!isSafe(request.method)) demandSameOrigin(request)
  return identity.ofSession(cookie)
}

function demandGateway(request: FastifyRequest, token: string): void {
  const given = bearerOf(request)
  if (given === undefined || !isSameText(given, token))
    throw new GatewayError('unauthenticated', { detail: 'This needs the token that gateways share.' })
}

const bearerOf = (request: FastifyRequest): string | undefined =>
  /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? '')?.[1]

const digest = (text: string) => createHash('sha256').update(text).digest()

const isSameText = (a: string, b: string): boolean => timingSafeEqual(digest(a), digest(b))

const isSafe = (method: string): boolean => ['GET', 'HEAD', 'OPTIONS'].includes(method)

/** A cookie acts for the user only when the page that sent it is our own. Throws `permission_denied`. */
export function demandSameOrigin(request: FastifyRequest, isOriginOptional = false): void {
  const site = request.headers['sec-fetch-site']
  const { origin } = request.headers
  if (site === 'same-origin' || site === 'none') return
  if (site === undefined && origin === undefined && isOriginOptional) return
  if (site === undefined && origin !== undefined && hostOf(origin) === request.headers.host) return
  throw new GatewayError('permission_denied', { detail: 'This request comes from another site; use an API token.' })
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined
}

/** Who the audit trail names for what a request does. */
export const actorOf = (request: FastifyRequest): Actor => ({
  label: request.principal?.label ?? 'anonymous',
  clientIp: request.ip,
})
