import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Konnect, startKonnect } from '../../harness.ts'
import { hasBrowser, openBrowser, openWindow, type Watched } from './browser.ts'
import { callsArrived, sendChatCall, sendRestCall } from './traffic.ts'

const PASSWORD = 'a long enough phrase'

// One story: each step goes on where the one before it ended.
describe.skipIf(!hasBrowser)("a newcomer's first minutes in the console", () => {
  let konnect: Konnect
  let browser: Browser
  let window: Watched
  let key = ''

  beforeAll(async () => {
    konnect = await startKonnect()
    browser = await openBrowser()
    window = await openWindow(browser, { origin: konnect.consoleUrl, isExpected: isRecordNotThereYet })
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    await konnect?.stop()
  })

  it('the setup link leads to a form that says which rules a password fulfils', async () => {
    const { page } = window
    await page.goto(konnect.setupUrl ?? 'no setup link was printed')
    await page.getByLabel('Name').fill('Ada')
    await page.getByLabel('E-mail').fill('ada@example.com')
    await page.getByRole('textbox', { name: 'Password' }).fill('short')
    expect(await page.getByText('At least 10 characters, not fulfilled yet').count()).toBe(1)
    expect(await page.getByRole('button', { name: 'Create administrator' }).isDisabled()).toBe(true)
    await page.getByRole('textbox', { name: 'Password' }).fill(PASSWORD)
    await page.getByRole('button', { name: 'Create administrator' }).click()
    await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor()
  })

  it('the overview leads to the first calls, at the address of this gateway', async () => {
    const { page } = window
    await page.getByRole('heading', { name: /^First steps, \d of 5 done$/ }).waitFor()
    const step = page.getByRole('button', { name: 'The first REST call' })
    if ((await step.getAttribute('aria-expanded')) !== 'true') await step.click()
    await page.getByText(`curl "${konnect.gatewayUrl}/echo`).waitFor()
  })

  it('the sample API shows its routes, targets and policies', async () => {
    const { page } = window
    await page.getByRole('link', { name: 'APIs', exact: true }).click()
    await page.getByRole('link', { name: 'echo', exact: true }).click()
    await page.getByRole('cell', { name: '/echo' }).waitFor()
    await page.getByRole('tab', { name: 'Policies' }).click()
    await page.getByText('limit 60', { exact: false }).waitFor()
    await page.getByRole('tab', { name: 'YAML' }).click()
    await page.getByText('- name: echo').first().waitFor()
  })

  it('a new application is shown as a difference before it is published', async () => {
    const { page } = window
    await page.getByRole('link', { name: 'Applications', exact: true }).click()
    await page.getByRole('button', { name: 'Create application' }).click()
    const form = page.getByRole('dialog', { name: 'Create application' })
    await form.getByLabel('Name', { exact: false }).first().fill('mobile app')
    await form.getByRole('button', { name: 'Review and publish' }).click()
    await form.getByText('Expected a name that starts with a letter or digit', { exact: false }).waitFor()
    await form.getByLabel('Name', { exact: false }).first().fill('mobile')
    await form.getByRole('button', { name: 'Review and publish' }).click()
    const review = page.getByRole('dialog', { name: 'Publish a new application' })
    await review.getByText('+ name: mobile').waitFor()
    await review.getByRole('button', { name: 'Publish' }).click()
    await page.getByRole('heading', { name: 'mobile', level: 1 }).waitFor()
    expect((await konnect.client.applications.get('mobile')).spec.name).toBe('mobile')
  })

  it('subscribes it to an API and a model', async () => {
    const { page } = window
    for (const [kind, name] of [
      ['API', 'echo'],
      ['Model', 'simulated'],
    ] as const) {
      await page.getByRole('tab', { name: 'Subscriptions' }).click()
      await page.getByRole('button', { name: 'Add subscription' }).click()
      const drawer = page.getByRole('dialog', { name: 'Add subscription' })
      await drawer.getByText(kind, { exact: true }).first().click()
      await drawer.getByPlaceholder('Choose…').click()
      await page.getByRole('option', { name, exact: true }).click()
      await drawer.getByRole('button', { name: 'Review and publish' }).click()
      await page
        .getByRole('dialog', { name: 'Publish a new subscription' })
        .getByRole('button', { name: 'Publish' })
        .click()
      await page.getByRole('cell', { name, exact: true }).waitFor()
    }
  })

  it('a new key is shown once, in examples that are ready to run', async () => {
    const { page } = window
    await page.getByRole('tab', { name: 'Keys' }).click()
    await page.getByRole('button', { name: 'Create key' }).first().click()
    await page.getByRole('dialog', { name: 'Create key' }).getByRole('button', { name: 'Create key' }).click()
    const dialog = page.getByRole('dialog', { name: 'Your new key' })
    key = (await dialog.getByLabel('the key', { exact: true }).locator('code').textContent()) ?? ''
    expect(key).toMatch(/^kn_live_/)
    await dialog.getByText(`curl "${konnect.gatewayUrl}/echo" -H "X-Api-Key: ${key}"`).waitFor()
    await dialog.getByRole('button', { name: 'I have copied it' }).click()
    expect(await page.getByText(key).count()).toBe(0)
    await page.getByText(`…${key.slice(-4)}`).waitFor()
  })

  it('a REST call and a streamed chat call go through with that key', async () => {
    await konnect.servesLatest()
    expect(await sendRestCall(konnect, '/echo', key)).toBe(200)
    expect(await sendChatCall(konnect, 'simulated', key)).not.toBe('')
    await callsArrived(konnect, 2)
  })

  it('the calls explorer shows both and opens every detail', async () => {
    const { page } = window
    await page.getByRole('link', { name: 'Calls', exact: true }).click()
    const chat = page.getByRole('row').filter({ hasText: '/v1/chat/completions' })
    await chat.waitFor()
    await page.getByRole('row').filter({ hasText: 'GET /echo' }).waitFor()
    await chat.getByRole('link').first().click()
    await page.getByRole('heading', { name: 'POST /v1/chat/completions' }).waitFor()
    await page.getByRole('heading', { name: 'Where the time went' }).waitFor()
    await page.getByRole('rowheader', { name: 'identify' }).waitFor()
    await page.getByRole('heading', { name: 'Model, tokens and cost' }).waitFor()
    expect(await page.getByRole('link', { name: 'mobile' }).count()).toBe(1)
  })

  it('the filter stands in the address, so that it survives a reload', async () => {
    const { page } = window
    await page.goto(`${konnect.consoleUrl}/calls?kind=ai`)
    await page.getByRole('row').filter({ hasText: '/v1/chat/completions' }).waitFor()
    expect(await page.getByRole('row').filter({ hasText: 'GET /echo' }).count()).toBe(0)
  })

  it('the playground streams an answer and tells its tokens and time', async () => {
    const { page } = window
    await page.goto(`${konnect.consoleUrl}/models/simulated?tab=playground`)
    await page.getByRole('combobox', { name: 'As application' }).click()
    await page.getByRole('option', { name: 'mobile' }).click()
    await page.getByRole('button', { name: 'Send' }).click()
    const answer = page.getByRole('region', { name: 'Answer' })
    await answer.getByText('Complete.').waitFor()
    await answer.getByRole('link', { name: 'Open call' }).waitFor()
    expect(await answer.getByText(/^\d+, \d+$/).count()).toBe(1)
  })

  it('a known model leads to a provider of its vendor, and on to a model with its details filled in', async () => {
    const { page } = window
    await page.getByRole('link', { name: 'Model catalogue' }).click()
    await page.getByRole('textbox', { name: 'Search by model or vendor' }).fill('groq gpt-oss-120b')
    await page.getByRole('button', { name: 'Use openai/gpt-oss-120b' }).click()
    const dialog = page.getByRole('dialog', { name: 'Use openai/gpt-oss-120b' })
    await dialog.getByText('There is no provider of Groq yet.', { exact: false }).waitFor()
    await dialog.getByRole('button', { name: 'Add provider' }).click()
    const provider = page.getByRole('dialog', { name: 'Add provider' })
    await provider.getByLabel('Name', { exact: false }).first().fill('fast')
    await provider.getByLabel('API key', { exact: false }).first().fill('not-a-real-key')
    await provider.getByRole('button', { name: 'Review and publish' }).click()
    const publish = page.getByRole('button', { name: 'Publish', exact: true })
    await publish.click()
    const model = page.getByRole('dialog', { name: 'Create model' })
    await model.getByRole('button', { name: 'Review and publish' }).click()
    const review = page.getByRole('dialog', { name: 'Publish a new model' })
    await review.getByText('provider: fast', { exact: false }).waitFor()
    await publish.click()
    await page.getByRole('heading', { name: 'openai/gpt-oss-120b', level: 1 }).waitFor()
  })

  it('the form of a model suggests those of the chosen provider, and takes any other name', async () => {
    const { page } = window
    await page.goto(`${konnect.consoleUrl}/models/openai%2Fgpt-oss-120b`)
    await page.getByRole('button', { name: 'Edit model' }).click()
    const field = page.getByRole('dialog').getByLabel('Upstream model', { exact: false })
    await field.fill('llama 3.3')
    await page.getByRole('option', { name: 'llama-3.3-70b-versatile' }).click()
    expect(await field.inputValue()).toBe('llama-3.3-70b-versatile')
    await field.fill('brand-new-model')
    await page.getByRole('option').first().waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Review and publish' }).click()
    await page
      .getByRole('dialog', { name: /^Publish changes/ })
      .getByText('model: brand-new-model')
      .waitFor()
  })

  it('a published change can be undone on the spot', async () => {
    const { page } = window
    await page.goto(`${konnect.consoleUrl}/apis/echo?tab=policies`)
    const policy = page.getByRole('listitem').filter({ hasText: 'limit 60' })
    await policy.getByRole('button', { name: /^Remove / }).click()
    const review = page.getByRole('dialog', { name: 'Publish changes to echo' })
    await review.getByText('- use: rate-limit', { exact: false }).waitFor()
    await review.getByRole('button', { name: 'Publish' }).click()
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByText(/^Undone\./).waitFor()
    expect((await konnect.client.apis.get('echo')).spec.policies?.map((one) => one.use)).toContain('rate-limit')
  })

  it('the palette finds the application by its name', async () => {
    const { page } = window
    await page.keyboard.press('Control+k')
    await page.getByRole('textbox', { name: 'Find' }).fill('mob')
    await page.getByText('Application', { exact: true }).click()
    await page.getByRole('heading', { name: 'mobile', level: 1 }).waitFor()
  })

  it('signing out leads to the sign-in page, and back in with the password', async () => {
    const { page } = window
    await page.getByRole('button', { name: /^Account/ }).click()
    await page.getByRole('menuitem', { name: 'Sign out' }).click()
    await page.getByLabel('E-mail').fill('ada@example.com')
    await page.getByRole('textbox', { name: 'Password' }).fill(PASSWORD)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor()
  })

  it('nothing on the way complained, and nothing was fetched from elsewhere', () => {
    expect(window.complaints).toEqual([])
  })
})

/** The playground asks for a call's record until it has arrived; the browser logs each 404 of that. */
const isRecordNotThereYet = (text: string): boolean => /status of 404.*\/api\/v1\/calls\//.test(text)
