import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Konnect, startKonnect } from '../../harness.ts'
import { hasBrowser, openBrowser, openWindow, setUpAdministrator, type Watched } from './browser.ts'

// One story: the second step looks at the provider that the first one made.
describe.skipIf(!hasBrowser)('adding a provider in the console', () => {
  let konnect: Konnect
  let browser: Browser
  let window: Watched

  beforeAll(async () => {
    konnect = await startKonnect()
    browser = await openBrowser()
    window = await openWindow(browser, { origin: konnect.consoleUrl })
    await setUpAdministrator(window, konnect)
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    await konnect?.stop()
  })

  it('finds a vendor among all by what it offers, and then asks only for what that one needs', async () => {
    const { page } = window
    await page.goto(`${konnect.consoleUrl}/providers`)
    await page.getByRole('button', { name: 'Add provider' }).first().click()
    const form = page.getByRole('dialog', { name: 'Add provider' })
    await form.getByLabel('Name', { exact: false }).first().fill('fast')
    const vendor = form.getByRole('combobox', { name: 'Vendor' })
    await vendor.click()
    const all = await page.getByRole('option').count()
    expect(all).toBeGreaterThanOrEqual(48)
    await vendor.fill('nobody of this name')
    await page.getByText('No vendor of this name', { exact: false }).waitFor()
    await vendor.fill('lpus')
    expect(await page.getByRole('option').count()).toBe(1)
    await page.getByRole('option').click()
    expect(await vendor.inputValue()).toBe('Groq')
    await form.getByText('GROQ_API_KEY', { exact: false }).waitFor()
    await form.getByLabel('API key', { exact: false }).first().fill('gsk-test')
    await form.getByRole('button', { name: 'Review and publish' }).click()
    const review = page.getByRole('dialog', { name: 'Publish a new provider' })
    await review.getByText('+ vendor: groq').waitFor()
    await review.getByRole('button', { name: 'Publish' }).click()
    await page.getByRole('heading', { name: 'fast', level: 1 }).waitFor()
  })

  it('shows on its page which request fields its vendor refuses', async () => {
    const { page, complaints } = window
    await page.getByText('logit_bias, logprobs, top_logprobs').waitFor()
    await page.getByText('https://api.groq.com/openai/v1', { exact: false }).waitFor()
    expect(complaints).toEqual([])
  })
})
