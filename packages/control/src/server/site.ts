import { existsSync } from 'node:fs'
import { join, sep } from 'node:path'
import fastifyStatic from '@fastify/static'
import { GatewayError, problemOf } from '@konnect/contract'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App } from './app.ts'

/** What the server answers with outside of the control API. */
export interface SiteOptions {
  /** Folder of the built console; without it only the API is served. */
  readonly webRoot: string | undefined
  readonly renderMetrics: (() => Promise<string> | string) | undefined
  isReady(): boolean
  /** What is still missing, for people. */
  waitingFor(): string
}

/** Health, readiness, metrics, and the console with its history fallback. */
export async function registerSite(app: App, options: SiteOptions): Promise<void> {
  probeRoutes(app, options)
  const { webRoot } = options
  const hasConsole = webRoot !== undefined && existsSync(join(webRoot, 'index.html'))
  if (hasConsole)
    await app.register(fastifyStatic, {
      root: webRoot,
      wildcard: true,
      index: 'index.html',
      cacheControl: false,
      setHeaders,
    })
  app.setNotFoundHandler((request, reply) => {
    if (hasConsole && isPage(request)) return page(reply)
    throw new GatewayError('resource_not_found', { detail: 'There is nothing at this address.' })
  })
}

function probeRoutes(app: App, options: SiteOptions): void {
  const hidden = { schema: { hide: true } }
  app.get('/healthz', hidden, async () => ({ status: 'ok' }))
  app.get('/readyz', hidden, async (request, reply) => {
    if (options.isReady()) return { status: 'ready' }
    const problem = problemOf(new GatewayError('not_ready', { detail: options.waitingFor() }), request.id)
    return reply.code(503).type('application/problem+json').send(JSON.stringify(problem))
  })
  app.get('/metrics', hidden, async (_request, reply) => {
    if (!options.renderMetrics)
      throw new GatewayError('resource_not_found', { detail: 'Metrics are not collected here.' })
    return reply.type('text/plain; version=0.0.4; charset=utf-8').send(await options.renderMetrics())
  })
}

// The build names files under assets/ by their content, so that they never change.
function setHeaders(reply: { header(name: string, value: string): unknown }, path: string): void {
  const isHashed = path.includes(`${sep}assets${sep}`)
  void reply.header('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache')
}

const isPage = (request: FastifyRequest): boolean => {
  const path = request.url.split('?', 1)[0] ?? ''
  const isOurs = path === '/api' || path.startsWith('/api/') || path.startsWith('/assets/')
  return (request.method === 'GET' || request.method === 'HEAD') && !isOurs
}

const page = (reply: FastifyReply): FastifyReply => reply.header('cache-control', 'no-cache').sendFile('index.html')
