import { once } from 'node:events'
import { definePolicy, type Policy } from '@konnect/sdk'
import { Type } from 'typebox'
import { afterEach, describe, expect, it } from 'vitest'
import { mobileWith } from '../harness.ts'
import { frame, text } from './testing/frames.ts'
import { RawPeers } from './testing/raw-peers.ts'
import { closeOf, messageOf, RealtimeStage, refusalOf } from './testing/realtime-stage.ts'

const stage = new RealtimeStage()
const peers = new RawPeers()
afterEach(async () => {
  peers.close()
  await stage.close()
})

describe('a session ends', () => {
  it('when its key is revoked, its application, its model or its subscription goes', async () => {
    const application = mobileWith({ modelIds: ['mod_assistant'] })
    for (const [part, reason] of [
      [{ applications: [{ ...application, keys: [] }] }, 'credential_invalid'],
      [{ applications: [] }, 'credential_invalid'],
      [{ models: [] }, 'model_not_found'],
      [{ applications: [mobileWith({})] }, 'subscription_required'],
    ] as const) {
      const { client, server, gateway } = await stage.joined({
        model: { access: 'subscription' },
        snapshot: { applications: [application] },
      })
      const closed = Promise.all([closeOf(client), closeOf(server)])
      gateway.publish(part as never)
      const [told, vendor] = await closed
      expect([told.code, vendor.code], reason).toEqual([1008, 1001])
      expect((await gateway.recorded(1))[0]).toMatchObject({ errorCode: reason })
    }
  })

  it('that was being opened when its key was revoked', async () => {
    let open: (() => void) | undefined
    const asked = new Promise<void>((resolve) => {
      open = resolve
    })
    let answer: (() => void) | undefined
    const vendor = await peers.vendor(
      () => {},
      (switchOver) => {
        answer = switchOver
        open?.()
      },
    )
    const gateway = await stage.gateway([vendor])
    const client = stage.connect(gateway)
    await asked
    gateway.publish({ applications: [{ ...mobileWith({}), keys: [] }] })
    answer?.()
    expect((await closeOf(client)).code).toBe(1008)
  })

  it('not when its model is called something else, nor when something else is published', async () => {
    const { client, server, gateway } = await stage.joined()
    gateway.publish({ models: [{ ...gateway.model, name: 'renamed' }] })
    gateway.publish({ tenants: [{ id: 'default', name: 'renamed', policies: [] }] })
    server.send('still here')
    expect(await messageOf(client)).toBe('still here')
  })

  it('when its key expires', async () => {
    const expiresAt = new Date(Date.now() + 300).toISOString()
    const application = mobileWith({})
    const { client } = await stage.joined({
      snapshot: { applications: [{ ...application, keys: application.keys.map((key) => ({ ...key, expiresAt })) }] },
    })
    expect((await closeOf(client)).code).toBe(1008)
  })

  it('after a silence of the provider’s idle timeout, which pings break', async () => {
    const { client, server, gateway } = await stage.joined({ provider: { idleTimeout: '400ms' } })
    const until = performance.now() + 600
    while (performance.now() < until) {
      client.ping()
      await once(server, 'ping')
    }
    expect(client.readyState).toBe(1)
    expect((await closeOf(client)).code).toBe(1001)
    expect((await gateway.recorded(1))[0]).toMatchObject({ errorCode: 'upstream_timeout' })
  })

  it('after the total time of its deployment, whatever passes', async () => {
    const deployments = [{ providerId: 'prov_v0', model: 'm', totalTimeout: '300ms' }]
    const { client, gateway } = await stage.joined({ model: { deployments } })
    expect((await closeOf(client)).code).toBe(1001)
    const [call] = await gateway.recorded(1)
    expect(call).toMatchObject({
      status: 101,
      errorCode: 'upstream_timeout',
      errorReason: 'Not complete within 300 ms',
    })
  })

  it('at the deadline of a policy', async () => {
    const policies = { policies: [{ id: 'pol_soon', use: 'soon', with: {} }] } as never
    const { client, gateway } = await stage.joined({ policies: [soon] as unknown as Policy[], snapshot: policies })
    expect((await closeOf(client)).code).toBe(1001)
    expect((await gateway.recorded(1))[0]).toMatchObject({ status: 101, errorCode: 'upstream_timeout' })
  })

  it('cleanly when the gateway drains, which opens no more', async () => {
    const { client, server, gateway } = await stage.joined()
    const closed = Promise.all([closeOf(client), closeOf(server)])
    gateway.gateway.drain()
    expect((await closed).map(({ code }) => code)).toEqual([1001, 1001])
    expect((await gateway.recorded(1))[0]).toMatchObject({ status: 101, errorCode: null })
    expect((await refusalOf(stage.connect(gateway))).status).toBe(503)
    expect(gateway.gateway.active).toBe(0)
  })

  it('after the frame that is under way when it has to', async () => {
    const half = frame('server', text('{"type":"response.done"}'))
    let finish: (() => void) | undefined
    const vendor = await peers.vendor((socket) => {
      socket.write(half.subarray(0, 10))
      finish = () => socket.write(half.subarray(10))
    })
    const gateway = await stage.gateway([vendor])
    const client = stage.connect(gateway)
    await once(client, 'open')
    gateway.gateway.drain()
    finish?.()
    const [message, close] = await Promise.all([messageOf(client), closeOf(client)])
    expect([message, close.code]).toEqual(['{"type":"response.done"}', 1001])
  })

  it('though a side does not answer the Close frame', async () => {
    const vendor = await peers.vendor(() => {})
    const gateway = await stage.gateway([vendor])
    await peers.client(gateway.port)
    const startedAt = performance.now()
    gateway.gateway.drain()
    expect(await gateway.recorded(1)).toHaveLength(1)
    expect(performance.now() - startedAt).toBeGreaterThan(1_900)
  })
})

const soon = definePolicy({
  id: 'soon',
  title: 'Soon',
  description: 'Limits the duration.',
  settings: Type.Object({}),
  phases: ['match'],
  failure: 'none',
  compile: () => ({ match: (exchange) => exchange.limitDuration(300) }),
})
