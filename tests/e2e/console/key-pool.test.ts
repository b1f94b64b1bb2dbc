import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Konnect, startKonnect } from '../../harness.ts'
import { hasBrowser, openBrowser, openWindow, type Watched } from './browser.ts'

const SECRETS = ['first-secret-value', 'second-secret-value']

// One story: each step looks at what the one before it made.
describe.skipIf(!hasBrowser)('a provider with several keys in the console', () => {
  let konnect: Konnect
  let browser: Browser
  let window: Watched
  const api = (method: 'post' | 'get', path: string, data?: object) =>
    window.context.request[method](`${konnect.consoleUrl}/api/v1${path}`, {
      headers: { origin: konnect.consoleUrl },
      ...(data === undefined ? {} : { data }),
    })

  beforeAll(async () => {
    konnect = await startKonnect()
    browser = await openBrowser()
    window = await openWindow(browser, { origin: konnect.consoleUrl })
    const token = new URL(konnect.setupUrl ?? '').searchParams.get('token')
    const account = { email: 'ada@example.com', name: 'Ada', password: 'a long enough phrase' }
    expect((await api('post', '/setup', { token, ...account })).ok()).toBe(true)
    const apiKeys = SECRETS.map((value, i) => ({ name: `key-${i + 1}`, value, weight: i + 1 }))
    expect((await api('post', '/providers', { name: 'pooled', vendor: 'openai', apiKeys })).ok()).toBe(true)
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    await konnect?.stop()
  })

  it('shows the pool on its page, and no value', async () => {
    const { page } = window
    await page.goto(`${konnect.consoleUrl}/providers/pooled`)
    const pool = page.getByRole('region', { name: 'API keys', exact: true })
    await pool.getByText('key-2').waitFor()
    expect(await pool.getByRole('row').count()).toBe(3)
    const html = await page.content()
    for (const secret of SECRETS) expect(html).not.toContain(secret)
  })

  it('keeps the values of the keys that are left alone while another is disabled and one is added', async () => {
    const { page } = window
    await page.getByRole('button', { name: 'Edit provider' }).click()
    const form = page.getByRole('dialog', { name: 'Edit pooled' })
    await form
      .getByRole('region', { name: 'API key 1' })
      .getByRole('switch', { name: 'Enabled' })
      .click({ force: true })
    await form.getByRole('button', { name: 'Add api key' }).click()
    const added = form.getByRole('region', { name: 'API key 3' })
    await added.getByLabel('Name').fill('key-3')
    await added.getByLabel('Value').first().fill('third-secret-value')
    await form.getByRole('button', { name: 'Review and publish' }).click()
    await page.getByRole('button', { name: 'Publish', exact: true }).click()
    const pool = page.getByRole('region', { name: 'API keys', exact: true })
    await pool.getByText('key-3').waitFor()
    await pool.getByText('disabled').waitFor()
    const { spec } = (await (await api('get', '/providers/pooled')).json()) as { spec: { apiKeys: object[] } }
    expect(spec.apiKeys).toMatchObject([
      { name: 'key-1', value: '***', enabled: false },
      { name: 'key-2', value: '***', weight: 2 },
      { name: 'key-3', value: '***' },
    ])
  })

  it('offers a model the modes with a sentence each', async () => {
    const { page, complaints } = window
    const deployments = [{ provider: 'pooled', model: 'm' }]
    const model = { name: 'assistant', strategy: { mode: 'fallback' }, deployments }
    expect((await api('post', '/models', model)).ok()).toBe(true)
    await page.goto(`${konnect.consoleUrl}/models/assistant`)
    await page.getByRole('button', { name: 'Edit model' }).click()
    await page.getByRole('dialog').getByLabel('Mode').first().click()
    await page.getByRole('option', { name: 'least-busy' }).getByText('fewest requests in flight').waitFor()
    expect(await page.getByRole('option').count()).toBe(6)
    expect(complaints).toEqual([])
  })
})
