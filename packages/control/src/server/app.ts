import { randomBytes } from 'node:crypto'
import cookie from '@fastify/cookie'
import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { Logger } from '@konnect/contract'
import fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifySchema,
  type RawReplyDefaultExpression,
  type RawRequestDefaultExpression,
  type RawServerDefault,
} from 'fastify'
import { answerError, gatewayErrorOf } from './faults.ts'
import { registerOpenApi } from './openapi.ts'
import { compileValidator } from './validator.ts'

/** The HTTP server of the control plane; routes are typed by their TypeBox schemas. */
export type App = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>

/** Largest request body where a route does not say otherwise. */
const BODY_LIMIT = 1024 * 1024

/** Creates the server with everything that holds for all routes; it does not listen yet. */
export async function createApp(logger: Logger): Promise<App> {
  const app: App = fastify({
    logger: false,
    bodyLimit: BODY_LIMIT,
    genReqId: () => `req_${randomBytes(12).toString('hex')}`,
    routerOptions: { maxParamLength: 1024 },
    forceCloseConnections: true,
    return503OnClosing: false,
    frameworkErrors: (error, request, reply) => answerError(logger, gatewayErrorOf(error), request, reply),
  }).withTypeProvider<TypeBoxTypeProvider>()
  app.setValidatorCompiler<FastifySchema>(({ schema, httpPart }) => compileValidator(schema, httpPart ?? 'body'))
  app.setSerializerCompiler(() => (value) => JSON.stringify(value))
  app.setErrorHandler((error, request, reply) => answerError(logger, gatewayErrorOf(error), request, reply))
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id)
    if (request.url.startsWith('/api/')) reply.header('cache-control', 'no-store')
  })
  app.addHook('onResponse', async (request, reply) => logResponse(logger, request, reply))
  acceptOnlyJson(app)
  await app.register(cookie)
  await app.register(rateLimit, { global: false })
  await app.register(helmet, { ...SECURITY_HEADERS })
  await registerOpenApi(app)
  return app
}

/**
 * The console loads nothing from elsewhere. Inline style attributes are what its components position things with;
 * scripts have to be files. TLS ends in front of the control plane, so it does not speak for the scheme.
 */
const SECURITY_HEADERS = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'self'"],
      styleSrc: ["'self'", "'unsafe-inline'"],
      imgSrc: ["'self'", 'data:'],
      fontSrc: ["'self'", 'data:'],
      objectSrc: ["'none'"],
      baseUri: ["'none'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
    },
  },
  strictTransportSecurity: false,
  referrerPolicy: { policy: 'no-referrer' },
} as const

// JSON is all that is read. A client that always names it may still send nothing, e.g. with DELETE.
function acceptOnlyJson(app: App): void {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, undefined)
    else void parse(request, body as string, done)
  })
}

function logResponse(
  logger: Logger,
  request: { id: string; method: string; url: string },
  reply: { statusCode: number; elapsedTime: number },
): void {
  const path = request.url.split('?', 1)[0]
  const durationMs = Math.round(reply.elapsedTime)
  logger.debug(
    { requestId: request.id, method: request.method, path, status: reply.statusCode, durationMs },
    'answered',
  )
}
