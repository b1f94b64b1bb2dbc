// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how settings write variables.
import { FakeExchange, fakePolicyContext, runPolicy } from '@konnect/testkit'
import { describe, expect, it } from 'vitest'
import { responseHeaders } from './policy.ts'

describe('response-headers', () => {
  it('edits the response and leaves the request alone', async () => {
    const exchange = new FakeExchange({ headers: ['server', 'mine'] })
    const handlers = responseHeaders.compile(
      {
        remove: ['Server'],
        rename: { 'X-Powered-By': 'X-Engine' },
        set: { 'x-request': '${requestId}' },
        add: { link: '</a>' },
      },
      fakePolicyContext(),
    )
    await runPolicy(handlers, exchange)
    const response = exchange.respond(200, ['server', 'theirs', 'x-powered-by', 'php', 'link', '</b>'])
    await handlers.return?.(exchange)
    expect(response.headers).toEqual(['x-engine', 'php', 'link', '</b>', 'x-request', 'request-1', 'link', '</a>'])
    expect(exchange.request.headers).toEqual(['server', 'mine'])
  })

  it('does nothing while there is no response', () => {
    const exchange = new FakeExchange()
    const handlers = responseHeaders.compile({ set: { a: '1' } }, fakePolicyContext())
    expect(handlers.return?.(exchange)).toBeUndefined()
    expect(exchange.response).toBeUndefined()
  })

  it('refuses fields that frame a message', () => {
    expect(() => responseHeaders.compile({ set: { 'Transfer-Encoding': 'chunked' } }, fakePolicyContext())).toThrow(
      'snapshot_invalid',
    )
  })
})
