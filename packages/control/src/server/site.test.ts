import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { RESOURCES } from '@konnect/contract'
import { openStore } from '@konnect/store'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { API_TOKEN, type Harness, startControl } from '../harness/control-harness.ts'

let harness: Harness
let webRoot: string
beforeAll(async () => {
  webRoot = await mkdtemp(join(tmpdir(), 'konnect-web-'))
  await mkdir(join(webRoot, 'assets'))
  await writeFile(join(webRoot, 'index.html'), '<!doctype html><title>Konnect</title>')
  await writeFile(join(webRoot, 'assets', 'app-1a2b3c.js'), 'export {}')
  harness = await startControl(openStore, { webRoot, renderMetrics: () => 'konnect_calls_total 7\n' })
})
afterAll(async () => {
  await harness.close()
  await rm(webRoot, { recursive: true, force: true })
})

interface Operation {
  readonly summary?: string
  readonly tags?: string[]
  readonly requestBody?: { content: Record<string, { schema: object }> }
  readonly responses: Record<string, { description: string; content?: Record<string, { schema: object }> }>
}
interface OpenApi {
  readonly openapi: string
  readonly paths: Record<string, Record<string, Operation>>
  readonly components: { schemas: Record<string, object> }
}

describe('the console', () => {
  it('is served with its history fallback, and hashed files are kept for long', async () => {
    const page = await harness.raw('/')
    expect(page.text).toContain('<title>Konnect</title>')
    expect(page.headers.get('cache-control')).toBe('no-cache')
    expect((await harness.raw('/apis/orders?tab=routes')).text).toBe(page.text)
    const script = await harness.raw('/assets/app-1a2b3c.js')
    expect(script.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    expect((await harness.raw('/assets/gone.js')).status).toBe(404)
  })

  it('may load nothing from elsewhere and be framed by nobody', async () => {
    const policy = (await harness.raw('/')).headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'self'")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toMatch(/script-src[^;]*unsafe|https?:/)
    expect((await harness.raw('/')).headers.get('x-content-type-options')).toBe('nosniff')
  })

  it('leaves the files around it alone', async () => {
    for (const path of ['/..%2f..%2fetc%2fpasswd', '/%2e%2e/%2e%2e/etc/passwd', '/assets/..%2f..%2f..%2fetc%2fpasswd'])
      expect((await harness.raw(path)).text).not.toContain('root:')
  })
})

describe('outside of the console', () => {
  it('metrics are plain text', async () => {
    const metrics = await harness.raw('/metrics')
    expect([metrics.status, metrics.text]).toEqual([200, 'konnect_calls_total 7\n'])
  })

  it.each([
    ['GET', '/api/v1/nothing'],
    ['GET', '/api/v2/apis'],
    ['POST', '/'],
    ['PUT', '/api/v1/catalog'],
  ])('%s %s is a problem document with 404', async (method, path) => {
    const answer = await harness.raw(path, { method })
    expect([answer.status, answer.body.code]).toEqual([404, 'resource_not_found'])
    expect(answer.headers.get('content-type')).toContain('application/problem+json')
    expect(answer.body.requestId).toMatch(/^req_/)
  })

  it.each([
    ['{"name": "sk-secret', 'application/json', 400, 'malformed_json'],
    ['', 'application/json', 422, 'validation_failed'],
    ['name=a', 'text/plain', 415, 'invalid_request'],
    [`{"name": "${'x'.repeat(1_100_000)}"}`, 'application/json', 413, 'body_too_large'],
    ['{"__proto__": {"x": 1}}', 'application/json', 400, 'malformed_json'],
  ])('a body of %.20s as %s is a problem document', async (body, type, status, code) => {
    const headers = { authorization: `Bearer ${API_TOKEN}`, 'content-type': type }
    const answer = await harness.raw('/api/v1/apis', { method: 'POST', headers, body })
    expect([answer.status, answer.body.code]).toEqual([status, code])
    expect(answer.text).not.toContain('sk-secret')
  })

  it('a broken address is a problem document too', async () => {
    const { hostname, port } = new URL(harness.url)
    const text = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(port), hostname, () =>
        socket.end('GET /api/v1/%E0%A4%A HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'),
      )
      const chunks: Buffer[] = []
      socket.on('data', (chunk) => chunks.push(chunk))
      socket.on('end', () => resolve(Buffer.concat(chunks).toString()))
      socket.on('error', reject)
    })
    expect(text).toMatch(/^HTTP\/1\.1 400 /)
    expect(text).toContain('malformed_request')
  })
})

describe('the catalog', () => {
  it('describes policies, vendors and every kind of resource', async () => {
    const { body } = await harness.request('GET', '/catalog')
    expect(body.resources.map((one: { kind: string }) => one.kind)).toEqual(RESOURCES.map((one) => one.kind))
    expect(body.policies.map((one: { id: string }) => one.id)).toEqual(['gate', 'stamp'])
    expect(body.gatewayUrl).toBe('http://127.0.0.1:1')
  })
})

describe('the description of the API', () => {
  let document: OpenApi
  beforeAll(async () => {
    document = (await harness.raw('/api/v1/openapi.json')).body
  })
  const operations = () =>
    Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
    )

  it('is OpenAPI 3.1 with a component for every kind of resource', () => {
    expect(document.openapi).toMatch(/^3\.1/)
    for (const { kind } of RESOURCES) {
      const name = kind.charAt(0).toUpperCase() + kind.slice(1)
      expect(Object.keys(document.components.schemas)).toEqual(expect.arrayContaining([name, `${name}Spec`]))
    }
  })

  it('holds every route that answers, with a summary, a request where one is sent, and responses', () => {
    const own = (list: string) => [
      `get ${list}`,
      `post ${list}`,
      ...['get', 'put', 'patch', 'delete'].map((verb) => `${verb} ${list}/{name}`),
      `get ${list}/{name}/used-by`,
    ]
    const parents = new Map(RESOURCES.map((one) => [one.kind, one.plural]))
    const resources = RESOURCES.flatMap(({ plural, parent }) =>
      own(parent ? `/${parents.get(parent)}/{parent}/${plural}` : `/${plural}`),
    )
    const others =
      `get /setup, post /setup, get /session, post /session, delete /session, get /tokens, post /tokens, delete /tokens/{id},
      post /config/apply, post /config/diff, post /config/validate, get /config/export, get /snapshots, post /snapshots,
      get /snapshots/pending, get /snapshots/{version}, get /snapshots/{version}/diff, post /snapshots/{version}/rollback,
      get /catalog, get /catalog/models, get /calls, get /calls/{id}, get /calls/stats, get /audit, get /gateways, get /gateways/deployments,
      post /playground, post /providers/check, post /providers/{name}/check, get /providers/{name}/models, post /providers/{name}/models,
      post /calls/{id}/rating, get /calls/{id}/ratings, get /models/{name}/versions, get /models/{name}/comparisons,
      post /models/{name}/promote, post /models/{name}/rollback,
      get /gateway/snapshot, post /gateway/calls, post /gateway/status`.split(/,\s+/)
    const described = operations().map(({ method, path }) => `${method} ${path.replace('/api/v1', '')}`)
    expect(described.sort()).toEqual([...resources, ...others].sort())
    for (const { path, method, operation } of operations()) {
      const sends = ['post', 'put', 'patch'].includes(method) && !/\/rollback$|\/providers\/\{name\}\//.test(path)
      expect([path, method, Boolean(operation.summary), Boolean(operation.requestBody)]).toEqual([
        path,
        method,
        true,
        sends,
      ])
      const success = Object.keys(operation.responses).filter((status) => status.startsWith('2'))
      expect(success.length).toBeGreaterThan(0)
      expect(operation.responses.default?.content?.['application/problem+json']?.schema).toEqual({
        $ref: '#/components/schemas/Problem',
      })
    }
  })

  it('refers to nothing that it does not hold', () => {
    const text = JSON.stringify(document)
    const references = [...text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map((match) => match[1] ?? '')
    expect(references.length).toBeGreaterThan(100)
    expect([...new Set(references)].filter((name) => !(name in document.components.schemas))).toEqual([])
    expect(text.match(/"\$ref":"(?!#\/components\/schemas\/)/)).toBeNull()
  })
})
