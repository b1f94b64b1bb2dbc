import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import { GatewayError, type Store } from '@konnect/contract'
import type { FastifyReply } from 'fastify'
import { Type } from 'typebox'
import { TenantQuery, tenantIdOf } from '../resources/tenants.ts'
import type { App } from '../server/app.ts'
import { answers } from '../server/openapi.ts'

const PlaygroundBody = Type.Object(
  {
    application: Type.String({ minLength: 1, maxLength: 256, description: 'Name or id.' }),
    path: Type.String({
      pattern: '^/(?!/)',
      maxLength: 2048,
      description: 'Path of the gateway, e.g. /v1/chat/completions.',
    }),
    body: Type.Unknown({ description: 'Sent as JSON.' }),
  },
  { additionalProperties: false },
)
const PASSED_FIELDS = ['content-type', 'x-request-id', 'retry-after', 'server-timing']

/** What the playground works with. */
export interface PlaygroundOptions {
  readonly store: Store
  mintPlaygroundToken(principal: { tenantId: string; applicationId: string }): string
  gatewayUrl(): string
}

/** The route that lets a signed-in user call the gateway as one of their applications. */
export function playgroundRoutes(app: App, options: PlaygroundOptions): void {
  app.post(
    '/playground',
    {
      bodyLimit: 16 * 1024 * 1024,
      schema: {
        tags: ['playground'],
        summary: 'Call the gateway as an application and stream its answer',
        body: PlaygroundBody,
        querystring: Type.Object(TenantQuery, { additionalProperties: false }),
        response: answers(200, "The gateway's own answer, with any status; it carries X-Konnect-Relayed.", {}),
      },
    },
    async (request, reply) => {
      const { application, path, body } = request.body
      const tenantId = await tenantIdOf(options.store, request.query.tenant)
      const applicationId = await applicationIdOf(options.store, tenantId, application)
      const token = options.mintPlaygroundToken({ tenantId, applicationId })
      const gone = new AbortController()
      reply.raw.once('close', () => gone.abort())
      const answer = await call(addressOf(options.gatewayUrl(), path), { token, body, signal: gone.signal })
      return relay(answer, reply)
    },
  )
}

async function applicationIdOf(store: Store, tenantId: string, name: string): Promise<string> {
  const row = await store.asTenant(
    tenantId,
    async (tx) => (await tx.resources.findByName('application', name)) ?? (await tx.resources.get(name)),
  )
  if (row?.kind === 'application') return row.id
  throw new GatewayError('resource_not_found', { detail: `There is no application "${name}" here.` })
}

// The path may not lead anywhere but to the gateway.
function addressOf(gatewayUrl: string, path: string): URL {
  const base = new URL(gatewayUrl)
  const address = URL.canParse(path, base.href) ? new URL(path, base) : undefined
  if (address?.origin === base.origin) return address
  throw new GatewayError('invalid_request', { detail: 'Expected a path of the gateway.' })
}

async function call(url: URL, input: { token: string; body: unknown; signal: AbortSignal }): Promise<Response> {
  try {
    return await fetch(url, {
      method: 'POST',
      redirect: 'manual',
      signal: input.signal,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${input.token}` },
      body: JSON.stringify(input.body ?? null),
    })
  } catch (error) {
    if (input.signal.aborted) throw new GatewayError('client_closed', { cause: error })
    const detail = 'The gateway cannot be reached from the control plane.'
    throw new GatewayError('upstream_unreachable', { detail, cause: error })
  }
}

function relay(answer: Response, reply: FastifyReply): FastifyReply {
  reply.code(answer.status).header('x-konnect-relayed', 'gateway')
  for (const name of PASSED_FIELDS) {
    const value = answer.headers.get(name)
    if (value !== null) reply.header(name, value)
  }
  return reply.send(answer.body ? Readable.fromWeb(answer.body as ReadableStream) : '')
}
