import { GatewayError } from '@konnect/contract'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { actorOf, demandSameOrigin, SESSION_COOKIE } from '../server/access.ts'
import type { App } from '../server/app.ts'
import { answers, itemsOf, ref } from '../server/openapi.ts'
import { type Identity, type NewSession, type Principal, SESSION_MS } from './identity.ts'

const Email = Type.String({ minLength: 3, maxLength: 254, pattern: '^[^@\\s]+@[^@\\s]+$' })
const SetupBody = Type.Object(
  {
    token: Type.String({ maxLength: 256 }),
    email: Email,
    name: Type.String({ maxLength: 200 }),
    password: Type.String({ maxLength: 4096, 'x-secret': true }),
  },
  { additionalProperties: false },
)
const SignInBody = Type.Object(
  { email: Type.String({ maxLength: 254 }), password: Type.String({ maxLength: 4096, 'x-secret': true }) },
  { additionalProperties: false },
)
const TokenBody = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 200 }),
    expiresAt: Type.Optional(Type.String({ format: 'date-time' })),
  },
  { additionalProperties: false },
)
const TokenParams = Type.Object({ id: Type.String() })

const UserAnswer = { type: 'object', required: ['user'], properties: { user: ref('User') } }
const NewTokenAnswer = {
  type: 'object',
  required: ['token', 'value'],
  properties: { token: ref('ApiToken'), value: { type: 'string', description: 'Shown this once.' } },
}

/** A first wall in front of the password hash, whatever the account. */
const perMinute = (max: number) => ({
  max,
  timeWindow: 60_000,
  errorResponseBuilder: (_request: FastifyRequest, context: { ttl: number }) =>
    new GatewayError('too_many_attempts', { headers: ['retry-after', String(Math.ceil(context.ttl / 1000))] }),
})

/** Setup, sign-in and API tokens. */
export function identityRoutes(app: App, identity: Identity): void {
  setupRoutes(app, identity)
  sessionRoutes(app, identity)
  tokenRoutes(app, identity)
}

function setupRoutes(app: App, identity: Identity): void {
  const tags = ['setup']
  app.get(
    '/setup',
    {
      config: { access: 'public' },
      schema: {
        tags,
        summary: 'Whether the first administrator has still to be created',
        response: answers(200, 'The answer.', { type: 'object', properties: { needed: { type: 'boolean' } } }),
      },
    },
    async () => ({ needed: await identity.isSetupNeeded() }),
  )
  app.post(
    '/setup',
    {
      config: { access: 'public', rateLimit: perMinute(30) },
      schema: {
        tags,
        summary: 'Create the first administrator and sign in',
        body: SetupBody,
        response: answers(201, 'Created and signed in.', UserAnswer),
      },
    },
    async (request, reply) => {
      demandSameOrigin(request, true)
      const session = await identity.setUp(request.body, request.ip)
      setCookie(request, reply, session)
      return reply.code(201).send({ user: session.user })
    },
  )
}

function sessionRoutes(app: App, identity: Identity): void {
  const tags = ['session']
  app.post(
    '/session',
    {
      config: { access: 'public', rateLimit: perMinute(60) },
      schema: { tags, summary: 'Sign in', body: SignInBody, response: answers(200, 'Signed in.', UserAnswer) },
    },
    async (request, reply) => {
      demandSameOrigin(request, true)
      const session = await identity.signIn(request.body, request.ip)
      setCookie(request, reply, session)
      return { user: session.user }
    },
  )
  app.get(
    '/session',
    { schema: { tags, summary: 'Who is signed in', response: answers(200, 'The session.', ref('SessionInfo')) } },
    (request) => identity.sessionInfo(principalOf(request)),
  )
  app.delete(
    '/session',
    { schema: { tags, summary: 'Sign out', response: answers(204, 'Signed out.') } },
    async (request, reply) => {
      await identity.signOut(request.cookies[SESSION_COOKIE], actorOf(request))
      return reply.clearCookie(SESSION_COOKIE, { path: '/' }).code(204).send()
    },
  )
}

function tokenRoutes(app: App, identity: Identity): void {
  const tags = ['tokens']
  app.get(
    '/tokens',
    { schema: { tags, summary: 'List API tokens', response: answers(200, 'The tokens.', itemsOf(ref('ApiToken'))) } },
    async () => ({ items: await identity.listTokens() }),
  )
  app.post(
    '/tokens',
    {
      schema: {
        tags,
        summary: 'Create an API token',
        body: TokenBody,
        response: answers(201, 'Created; the value is shown this once.', NewTokenAnswer),
      },
    },
    async (request, reply) => {
      const created = await identity.createToken(request.body, principalOf(request), actorOf(request))
      return reply.code(201).send(created)
    },
  )
  app.delete(
    '/tokens/:id',
    { schema: { tags, summary: 'Revoke an API token', params: TokenParams, response: answers(204, 'Revoked.') } },
    async (request, reply) => {
      await identity.deleteToken(request.params.id, actorOf(request))
      return reply.code(204).send()
    },
  )
}

function principalOf(request: FastifyRequest): Principal {
  if (!request.principal) throw new GatewayError('unauthenticated')
  return request.principal
}

// TLS ends in front of the control plane; the page's own origin tells whether the browser came over it.
function setCookie(request: FastifyRequest, reply: FastifyReply, session: NewSession): void {
  const secure = request.headers.origin?.startsWith('https:') ?? false
  const maxAge = Math.floor(SESSION_MS / 1000)
  reply.setCookie(SESSION_COOKIE, session.value, { path: '/', httpOnly: true, sameSite: 'strict', secure, maxAge })
}
