// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how settings write variables.
import type { HeaderList } from '@konnect/contract'
import { FakeExchange, fakePolicyContext, runPolicy } from '@konnect/testkit'
import { describe, expect, it } from 'vitest'
import { requestHeaders } from './policy.ts'

type Settings = Parameters<typeof requestHeaders.compile>[0]

async function shape(settings: Settings, headers: HeaderList, isKnown = true): Promise<HeaderList> {
  const principal = { tenantId: 'ten_1', applicationId: 'app_1', application: 'mobile', keyId: null }
  const exchange = new FakeExchange({ headers, ...(isKnown ? { principal } : {}) })
  await runPolicy(requestHeaders.compile(settings, fakePolicyContext()), exchange)
  return exchange.request.headers
}

describe('request-headers', () => {
  it('removes every field of a name, whatever case it was written in', async () => {
    expect(await shape({ remove: ['X-One'] }, ['x-one', '1', 'a', '2', 'x-one', '3'])).toEqual(['a', '2'])
  })

  it('renames and keeps values and order', async () => {
    expect(await shape({ rename: { 'X-Old': 'X-New' } }, ['x-old', '1', 'a', '2', 'x-old', '3'])).toEqual([
      'x-new',
      '1',
      'a',
      '2',
      'x-new',
      '3',
    ])
  })

  it('sets in place of all former values, and adds to them', async () => {
    const settings = { set: { 'X-Set': 'new' }, add: { 'X-Add': 'more' } }
    const headers = ['x-set', '1', 'x-set', '2', 'x-add', '3']
    expect(await shape(settings, headers)).toEqual(['x-set', 'new', 'x-add', '3', 'x-add', 'more'])
  })

  it('runs in the order remove, rename, set, add', async () => {
    const settings = { remove: ['a'], rename: { b: 'a' }, set: { b: 'new' }, add: { a: 'last' } }
    expect(await shape(settings, ['a', '1', 'b', '2'])).toEqual(['a', '2', 'b', 'new', 'a', 'last'])
  })

  it('fills in variables', async () => {
    const value =
      '${application}/${applicationId} ${requestId} ${clientIp} ${api}:${route} ${method} ${host}${path} $${path}'
    expect(await shape({ set: { 'x-about': value } }, [])).toEqual([
      'x-about',
      'mobile/app_1 request-1 192.0.2.1 orders:all GET api.example.com/orders ${path}',
    ])
  })

  it('leaves a variable without a value empty', async () => {
    expect(await shape({ set: { 'x-app': 'app=${application};' } }, [], false)).toEqual(['x-app', 'app=;'])
  })

  it('never lets a variable break out of its field', async () => {
    const exchange = new FakeExchange({ path: '/a\r\nx-evil: 1' })
    await runPolicy(requestHeaders.compile({ set: { 'x-path': '${path}' } }, fakePolicyContext()), exchange)
    expect(exchange.request.headers).toEqual(['x-path', '/ax-evil: 1'])
  })

  it('refuses fields that frame a message or belong to a connection', () => {
    for (const name of [
      'Content-Length',
      'transfer-encoding',
      'Connection',
      'TE',
      'Host',
      'upgrade',
      'Proxy-Authorization',
    ]) {
      const edits: Settings[] = [
        { remove: [name] },
        { set: { [name]: '1' } },
        { add: { [name]: '1' } },
        { rename: { a: name } },
        { rename: { [name]: 'a' } },
      ]
      for (const edit of edits) {
        expect(() => requestHeaders.compile(edit, fakePolicyContext())).toThrow('snapshot_invalid')
      }
    }
  })

  it('refuses unknown variables and values that a field cannot hold', () => {
    for (const value of ['${unknown}', '${constructor}', '${application', 'a\r\nb: c', 'snow ☃', 'nul\0']) {
      expect(() => requestHeaders.compile({ set: { a: value } }, fakePolicyContext())).toThrow('snapshot_invalid')
    }
  })
})
