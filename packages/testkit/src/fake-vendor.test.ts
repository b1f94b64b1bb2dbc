import { describe, expect, it, onTestFinished } from 'vitest'
import { sseEvents, startFakeVendor, type VendorReply } from './fake-vendor.ts'

async function start(fallback?: VendorReply) {
  const vendor = await startFakeVendor(fallback)
  onTestFinished(() => vendor.close())
  return vendor
}

describe('the fake vendor', () => {
  it('plays its script in order, then its fallback', async () => {
    const vendor = await start({ json: { id: 'rest' } })
    vendor.enqueue({ json: { id: 1 } }, { status: 529, headers: { 'retry-after': '2' }, json: { error: 'busy' } })
    expect(await (await fetch(vendor.url)).json()).toEqual({ id: 1 })
    const second = await fetch(vendor.url)
    expect([second.status, second.headers.get('retry-after')]).toEqual([529, '2'])
    expect(await (await fetch(vendor.url)).json()).toEqual({ id: 'rest' })
  })

  it('fails once an unprepared script is over', async () => {
    const vendor = await start()
    expect((await fetch(vendor.url)).status).toBe(500)
  })

  it('streams the same bytes whole or split', async () => {
    const events = sseEvents({ text: 'grüß' }, '[DONE]')
    const vendor = await start()
    vendor.enqueue({ events }, { events, splitBytes: 1 })
    const whole = await fetch(vendor.url)
    expect(whole.headers.get('content-type')).toBe('text/event-stream')
    expect(await whole.text()).toBe('data: {"text":"grüß"}\n\ndata: [DONE]\n\n')
    expect(await (await fetch(vendor.url)).text()).toBe(events.join(''))
  })

  it('breaks off where told', async () => {
    const vendor = await start({ events: sseEvents('a', 'b', 'c'), cutAfter: 2 })
    const response = await fetch(vendor.url)
    await expect(response.text()).rejects.toThrow('terminated')
  })

  it('holds a stream until released', async () => {
    let release = () => {}
    const until = new Promise<void>((resolve) => {
      release = resolve
    })
    const vendor = await start({ events: sseEvents('a', 'b'), holdBefore: { index: 1, until } })
    const reader = (await fetch(vendor.url)).body?.getReader()
    expect(new TextDecoder().decode((await reader?.read())?.value)).toBe('data: a\n\n')
    release()
    expect(new TextDecoder().decode((await reader?.read())?.value)).toBe('data: b\n\n')
  })
})
