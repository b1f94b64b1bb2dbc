import { startHttpServer } from '@konnect/testkit'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Konnect, startKonnect } from '../../harness.ts'
import { hasBrowser, openBrowser, openWindow, setUpAdministrator, type Watched } from './browser.ts'

const KEYS = { good: 'good-secret-value', bad: 'bad-secret-value' }
const LISTED = ['house-1', 'house-2', 'house-3']

/** A vendor that knows one key, lists its models, and streams its answers. */
const startVendor = () =>
  startHttpServer((request, response) => {
    const isKnown = request.headers.authorization === `Bearer ${KEYS.good}`
    if (!isKnown) {
      response.writeHead(401, { 'content-type': 'application/json' })
      response.end('{"error":{"message":"no"}}')
      return
    }
    if (request.method === 'GET') {
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ object: 'list', data: LISTED.map((id) => ({ id, object: 'model' })) }))
      return
    }
    const { model } = JSON.parse(request.body.toString()) as { model: string }
    const chunk = (delta: object, more: object = {}) =>
      `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model, choices: [{ index: 0, delta, finish_reason: null }], ...more })}\n\n`
    const usage = { prompt_tokens: 12, completion_tokens: 5, total_tokens: 17 }
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write(chunk({ role: 'assistant', content: `I am ${model}.` }))
    response.write(chunk({}, { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }))
    response.end(`${chunk({}, { choices: [], usage })}data: [DONE]\n\n`)
  })

// One story: each step looks at what the one before it made.
describe.skipIf(!hasBrowser)('providers and models in the console', () => {
  let konnect: Konnect
  let browser: Browser
  let window: Watched
  let vendor: Awaited<ReturnType<typeof startVendor>>

  beforeAll(async () => {
    vendor = await startVendor()
    konnect = await startKonnect()
    const { client } = konnect
    const apiKeys = Object.entries(KEYS).map(([name, value]) => ({ name, value }))
    await client.providers.create({ name: 'house', vendor: 'openai', baseUrl: `${vendor.url}/v1`, apiKeys })
    for (const name of LISTED.slice(0, 2))
      await client.models.create({ name, access: 'public', deployments: [{ provider: 'house', model: name }] })
    await client.applications.create({ name: 'mobile' })
    await konnect.servesLatest()
    browser = await openBrowser()
    const isExpected = (text: string) => text.includes('/api/v1/calls/') || text.includes('404')
    window = await openWindow(browser, { origin: konnect.consoleUrl, isExpected })
    await setUpAdministrator(window, konnect)
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    await konnect?.stop()
    await vendor?.close()
  })

  it('say of a provider which of its keys the vendor takes, and show none', async () => {
    const { page } = window
    await page.goto(`${konnect.consoleUrl}/providers/house`)
    await page.getByRole('button', { name: 'Test connection' }).click()
    await page.getByText('works', { exact: true }).waitFor()
    await page.getByText('key refused', { exact: true }).waitFor()
    await page.getByText('3 models', { exact: false }).first().waitFor()
    const html = await page.content()
    for (const secret of Object.values(KEYS)) expect(html).not.toContain(secret)
  })

  it('test a provider before it is saved', async () => {
    const { page } = window
    await page.goto(`${konnect.consoleUrl}/providers`)
    await page.getByRole('button', { name: 'Add provider' }).first().click()
    const form = page.getByRole('dialog', { name: 'Add provider' })
    await form.getByLabel('Name', { exact: false }).first().fill('nowhere')
    const vendorField = form.getByRole('combobox', { name: 'Vendor' })
    await vendorField.click()
    await vendorField.fill('OpenAI-compatible')
    await page.getByRole('option', { name: 'OpenAI-compatible Any other' }).click()
    await form.getByLabel('Base URL', { exact: false }).first().fill('http://127.0.0.1:1/v1')
    await form.getByRole('button', { name: 'Test connection' }).click()
    await form.getByText('not reached', { exact: true }).waitFor()
    expect((await konnect.client.providers.list()).items.map(({ name }) => name)).not.toContain('nowhere')
  })

  it("fetch a vendor's models, which the catalogue then marks as listed", async () => {
    const { page } = window
    await page.goto(`${konnect.consoleUrl}/providers/house`)
    await page.getByRole('button', { name: 'Refresh models' }).click()
    await page.getByText('3 models, fetched', { exact: false }).waitFor()
    await page.getByRole('link', { name: 'Open in the catalogue' }).click()
    await page.getByRole('button', { name: 'Use house-3' }).waitFor()
    expect(await page.getByText('listed', { exact: true }).count()).toBe(3)
    expect(new URL(page.url()).searchParams.get('callable')).toBe('true')
  })

  it('send one prompt to two models and show what each came to', async () => {
    const { page } = window
    await page.goto(`${konnect.consoleUrl}/playground?models=house-1+house-2`)
    await page.getByLabel('Prompt').fill('Who are you, in confidence?')
    await page.getByRole('button', { name: 'Send' }).click()
    await page.getByText('I am house-1.').waitFor()
    await page.getByText('I am house-2.').waitFor()
    await page.getByText('12, 5').nth(1).waitFor()
    expect(page.url()).not.toContain('confidence')
  })

  it('show which keys rest at which gateway, live', async () => {
    const { page, complaints } = window
    await page.goto(`${konnect.consoleUrl}/providers/house`)
    const pool = page.getByRole('region', { name: 'API keys', exact: true })
    const refused = pool.getByText('refused, rests another', { exact: false }).first()
    await pool
      .getByText(/ready at|refused, rests/)
      .first()
      .waitFor()
    const ask = () =>
      window.context.request.post(`${konnect.consoleUrl}/api/v1/playground`, {
        headers: { origin: konnect.consoleUrl },
        data: {
          application: 'mobile',
          path: '/v1/chat/completions',
          body: { model: 'house-1', stream: true, messages: [{ role: 'user', content: 'Hi' }] },
        },
      })
    // The key is drawn; after thirty requests the bad one was, but for one time in a billion.
    for (let i = 0; i < 30; i++) expect((await ask()).ok()).toBe(true)
    await refused.waitFor()
    await page.goto(`${konnect.consoleUrl}/models/house-1?tab=health`)
    const live = page.getByRole('region', { name: 'Live health', exact: true })
    await live.getByText('keys rest: bad').first().waitFor()
    await page.goto(`${konnect.consoleUrl}/gateways`)
    await page.getByText('Resting keys').first().waitFor()
    expect(complaints).toEqual([])
  })
})
