import { startHttpServer, waitFor } from '@konnect/testkit'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Konnect, startKonnect } from '../../harness.ts'
import { hasBrowser, openBrowser, openWindow, setUpAdministrator, type Watched } from './browser.ts'

type Server = Awaited<ReturnType<typeof startHttpServer>>

const KEY = 'kn_test_versions_0123456789'

/** A vendor that always says the same. */
const saying = (content: string): Promise<Server> =>
  startHttpServer((_request, response) => {
    const choices = [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }]
    const usage = { prompt_tokens: 12, completion_tokens: 8, total_tokens: 20 }
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ id: 'c', object: 'chat.completion', created: 1, model: 'm', choices, usage }))
  })

// One story: each step looks at what the one before it made.
describe.skipIf(!hasBrowser)('the versions of a model in the console', () => {
  let konnect: Konnect
  let browser: Browser
  let window: Watched
  const vendors: Server[] = []

  const ask = () =>
    fetch(`${konnect.gatewayUrl}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${KEY}` },
      body: JSON.stringify({ model: 'assistant', messages: [{ role: 'user', content: 'Where is Paris?' }] }),
    })
  const table = (page: Page) => page.getByRole('region', { name: 'Versions', exact: true })
  const rowOf = (page: Page, version: string) => table(page).getByRole('row').filter({ hasText: version })

  beforeAll(async () => {
    vendors.push(await saying('Paris is in France.'), await saying('paris is  in France.'))
    konnect = await startKonnect()
    const { client } = konnect
    for (const [i, { url }] of vendors.entries()) {
      await client.providers.create({ name: `p${i + 1}`, vendor: 'openai', baseUrl: `${url}/v1`, apiKey: 'vendor-key' })
    }
    await client.models.create({ name: 'assistant', deployments: [{ provider: 'p1', model: 'm-1' }] })
    await client.applications.create({
      name: 'mobile',
      keys: [{ value: KEY }],
      subscriptions: [{ model: 'assistant' }],
    })
    browser = await openBrowser()
    window = await openWindow(browser, { origin: konnect.consoleUrl })
    await setUpAdministrator(window, konnect)
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    await konnect?.stop()
    for (const vendor of vendors) await vendor.close()
  })

  it('begin with what runs now', async () => {
    const { page } = window
    await page.goto(`${konnect.consoleUrl}/models/assistant?tab=versions`)
    await page.getByRole('button', { name: 'Make this version v1' }).click()
    await page.getByRole('button', { name: 'Publish', exact: true }).click()
    await rowOf(page, 'v1').getByText('100%').waitFor()
  })

  it('stand side by side with their figures, a shadow with what it agrees on', async () => {
    const { page } = window
    const { spec } = await konnect.client.models.get('assistant')
    const versions = [...(spec.versions ?? []), { name: 'v2', deployments: [{ provider: 'p2', model: 'm-2' }] }]
    const traffic = { shares: [{ version: 'v1', percent: 100 }], shadow: { version: 'v2' } }
    await konnect.client.models.patch('assistant', { versions, traffic })
    await konnect.servesLatest()
    expect((await ask()).headers.get('x-konnect-model-version')).toBe('v1')
    const day = () => ({ from: new Date(Date.now() - 86_400_000).toISOString(), to: new Date().toISOString() })
    await waitFor(
      'the comparison',
      async () => (await konnect.client.modelVersions.comparisons('assistant', day())).items.length === 1,
    )
    await page.reload()
    await rowOf(page, 'shadow').getByText('100% the same').waitFor()
    const pair = page.getByRole('article')
    await pair.getByText('Paris is in France.', { exact: true }).waitFor()
    await pair.getByRole('figure', { name: 'Shadow: v2' }).getByRole('button', { name: 'Bad' }).click()
    await rowOf(page, 'shadow').getByText('−1').waitFor()
  })

  it('are promoted after a look at the difference, and rolled back', async () => {
    const { page, complaints } = window
    await rowOf(page, 'v2').getByRole('button', { name: 'Promote v2' }).click()
    await page.getByLabel('Percent of the requests').fill('100')
    await page.getByRole('button', { name: 'Review' }).click()
    await page.getByRole('button', { name: 'Promote', exact: true }).click()
    await page.getByText('v2 gets 100% of the requests now.').waitFor()
    await konnect.servesLatest()
    expect((await ask()).headers.get('x-konnect-model-version')).toBe('v2')
    await page.getByRole('button', { name: 'Roll back' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Roll back' }).click()
    await page.getByText('The previous shares hold again.').waitFor()
    await konnect.servesLatest()
    expect((await ask()).headers.get('x-konnect-model-version')).toBe('v1')
    expect(complaints).toEqual([])
  })
})
