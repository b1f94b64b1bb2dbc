import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { TextRequest } from '@konnect/contract'
import { afterEach, describe, expect, it } from 'vitest'
import { createTextFetcher } from './text-fetcher.ts'

interface Seen {
  readonly method: string | undefined
  readonly target: string | undefined
  readonly headers: http.IncomingHttpHeaders
  readonly body: string
}

const servers: http.Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

async function serve(answer: (response: http.ServerResponse) => void): Promise<{ url: string; requests: Seen[] }> {
  const requests: Seen[] = []
  const server = http.createServer(async (request, response) => {
    const { method, url: target, headers } = request
    requests.push({ method, target, headers, body: await text(request) })
    answer(response)
  })
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, requests }
}

const open = createTextFetcher({ allowPrivate: true })
const form = (url: string): TextRequest => ({
  method: 'POST',
  url,
  headers: ['content-type', 'application/x-www-form-urlencoded'],
  body: 'secret=ö',
})

describe('createTextFetcher', () => {
  it('sends method, fields and exact bytes, and gives the answer whatever its status', async () => {
    const server = await serve((response) => response.writeHead(418).end('short'))
    expect(await open(form(`${server.url}/token?a=1`))).toEqual({ status: 418, text: 'short' })
    const [seen] = server.requests
    expect(seen).toMatchObject({ method: 'POST', target: '/token?a=1', headers: { 'content-length': '9' } })
    expect(seen?.headers['content-type']).toBe('application/x-www-form-urlencoded')
    expect(seen?.body).toBe('secret=ö')
  })

  it('sends nothing where there is no body', async () => {
    const server = await serve((response) => response.end('ok'))
    expect(await open({ method: 'GET', url: server.url, headers: [] })).toEqual({ status: 200, text: 'ok' })
    expect(server.requests[0]?.body).toBe('')
  })

  it('follows no redirect, so that what was sent reaches nobody else', async () => {
    const other = await serve((response) => response.end('caught'))
    const server = await serve((response) => response.writeHead(307, { location: other.url }).end())
    expect(await open(form(server.url))).toMatchObject({ status: 307 })
    expect(other.requests).toHaveLength(0)
  })

  it('gives up what is too large or too slow, and names the URL but nothing that was sent', async () => {
    const large = await serve((response) => response.end('x'.repeat(2000)))
    await expect(open({ ...form(large.url), maxBytes: 1000 })).rejects.toMatchObject({
      code: 'dependency_unavailable',
      reason: `Could not fetch ${large.url}: The answer is larger than 1000 bytes`,
    })
    const slow = await serve(() => {})
    const failure: Error = (await open({ ...form(slow.url), timeoutMs: 50 }).catch((error: Error) => error)) as Error
    expect(failure.message).toContain(slow.url)
    expect(failure.message).not.toContain('secret')
  })

  it('connects to nobody it must not reach', async () => {
    const server = await serve((response) => response.end('ok'))
    const strict = createTextFetcher({ allowPrivate: false })
    await expect(strict(form(server.url))).rejects.toMatchObject({ code: 'dependency_unavailable' })
    for (const url of ['http://169.254.169.254/', 'file:///etc/passwd', 'http://user:pass@127.0.0.1/', 'nonsense'])
      await expect(open(form(url))).rejects.toMatchObject({ code: 'dependency_unavailable' })
    expect(server.requests).toHaveLength(0)
  })
})
