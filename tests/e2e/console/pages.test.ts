import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Konnect, startKonnect } from '../../harness.ts'
import { hasBrowser, openBrowser, openWindow, type Watched } from './browser.ts'
import { readPages, visitPath } from './page-list.ts'
import { callsArrived, sendChatCall, sendRestCall } from './traffic.ts'

const WINDOWS = [
  { name: 'light', colorScheme: 'light', width: 1360 },
  { name: 'dark', colorScheme: 'dark', width: 1360 },
  { name: 'a phone', colorScheme: 'light', width: 390 },
] as const

const pages = hasBrowser ? await readPages() : []

describe.skipIf(!hasBrowser)('every page of the console', () => {
  let konnect: Konnect
  let browser: Browser
  let axe = ''
  let names: Readonly<Record<string, string>> = {}
  let cookies: Awaited<ReturnType<Watched['context']['cookies']>> = []

  beforeAll(async () => {
    konnect = await startKonnect()
    browser = await openBrowser()
    axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
    names = await makeTraffic(konnect)
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    await konnect?.stop()
  })

  // One window for each look, so that the browser's cache serves all but the first visit.
  const windows = new Map<string, Watched>()
  const visit = async (path: string, place: (typeof WINDOWS)[number], isSignedIn: boolean) => {
    const kept = windows.get(place.name) ?? (await openWindow(browser, { origin: konnect.consoleUrl, ...place }))
    windows.set(place.name, kept)
    kept.complaints.length = 0
    await kept.context.clearCookies()
    if (isSignedIn) await kept.context.addCookies(cookies)
    await kept.page.goto(`${konnect.consoleUrl}${path}`)
    await settled(kept.page)
    return kept
  }

  const inspect = async ({ page, complaints }: Watched) => ({
    complaints: [...complaints],
    serious: await seriousFindings(page, axe),
    ...(await layout(page)),
  })

  const FAULTLESS = { complaints: [], serious: [], sidewaysPx: 0 }

  describe.each(WINDOWS)('in $name', (place) => {
    it.each(pages.filter((page) => page.path === '/setup'))('$path', async ({ path }) => {
      expect(await inspect(await visit(path, place, false))).toEqual(FAULTLESS)
      const token = new URL(konnect.setupUrl ?? konnect.consoleUrl).searchParams.get('token') ?? 'used'
      expect(await inspect(await visit(`${path}?token=${token}`, place, false))).toEqual(FAULTLESS)
    })
  })

  describe('once there is an administrator', () => {
    beforeAll(async () => {
      const { context } = await openWindow(browser, { origin: konnect.consoleUrl })
      const token = new URL(konnect.setupUrl ?? '').searchParams.get('token')
      const answer = await context.request.post(`${konnect.consoleUrl}/api/v1/setup`, {
        headers: { origin: konnect.consoleUrl },
        data: { token, email: 'ada@example.com', name: 'Ada', password: 'a long enough phrase' },
      })
      expect(answer.ok()).toBe(true)
      cookies = await context.cookies()
      await context.close()
    })

    describe.each(WINDOWS)('in $name', (place) => {
      it.each(pages.filter((page) => page.path !== '/setup'))('$path', async ({ path, access }) => {
        const window = await visit(visitPath(path, names), place, access === 'user')
        expect(await window.page.getByRole('heading', { level: 1 }).count()).toBe(1)
        expect(await window.page.getByRole('alert').allTextContents()).toEqual([])
        expect(await inspect(window)).toEqual(FAULTLESS)
      })
    })

    it.each([
      ['/apis/echo', ['Upstream', 'Policies', 'Calls', 'YAML']],
      ['/applications/tester', ['Subscriptions', 'Policies', 'Calls', 'YAML']],
      ['/models/simulated', ['Versions', 'Playground', 'Policies', 'Calls', 'YAML']],
      ['/settings', ['Tenants']],
    ] as const)('the tabs of %s', async (path, tabs) => {
      const window = await visit(path, WINDOWS[0], true)
      for (const tab of tabs) {
        await window.page.getByRole('tab', { name: tab }).click()
        await settled(window.page)
        expect(await seriousFindings(window.page, axe), tab).toEqual([])
      }
      expect(await inspect(window)).toEqual(FAULTLESS)
    })

    it('the keyboard reaches the content past the navigation, and sees where it is', async () => {
      const window = await visit('/apis', WINDOWS[0], true)
      await window.page.keyboard.press('Tab')
      await window.page.keyboard.press('Enter')
      await window.page.keyboard.press('Tab')
      expect(await window.page.locator('#main :focus-visible').count()).toBe(1)
      expect(await window.page.evaluate('getComputedStyle(document.activeElement).outlineStyle')).not.toBe('none')
    })
  })
})

/** Something for every page to show: an application with a key, a REST call, an AI call and a refused one. */
async function makeTraffic(konnect: Konnect): Promise<Readonly<Record<string, string>>> {
  const { client } = konnect
  await client.applications.create({ name: 'tester', subscriptions: [{ api: 'echo' }, { model: 'simulated' }] })
  const { spec } = await client.keys('tester').create({})
  await konnect.servesLatest()
  await sendRestCall(konnect, '/echo', spec.value ?? '')
  await sendRestCall(konnect, '/echo', 'kn_live_unknown_key_000000')
  await sendChatCall(konnect, 'simulated', spec.value ?? '')
  await callsArrived(konnect, 3)
  const [call] = (await client.calls.list({ kind: 'ai' })).items
  const [provider] = (await client.providers.list()).items
  return {
    api: 'echo',
    model: 'simulated',
    application: 'tester',
    provider: provider?.name ?? '',
    call: call?.id ?? '',
    version: '2',
  }
}

/** Waits until a page has its heading and no part of it is loading. */
async function settled(page: Page): Promise<void> {
  await page.getByRole('heading', { level: 1 }).first().waitFor()
  await page.locator('[aria-busy="true"]').first().waitFor({ state: 'detached' })
}

interface AxeResult {
  readonly violations: readonly {
    readonly id: string
    readonly impact: string
    readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[]
  }[]
}

/** Serious and critical findings of axe (WCAG 2.2 A and AA, and best practice). */
async function seriousFindings(page: Page, axe: string): Promise<string[]> {
  await page.evaluate(axe)
  const result = await page.evaluate<AxeResult>('axe.run(document, { resultTypes: ["violations"] })')
  return result.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html} ${node.failureSummary}`))
}

/** How far the page itself scrolls sideways. */
const layout = async (page: Page) => ({
  sidewaysPx: await page.evaluate<number>('Math.max(0, document.documentElement.scrollWidth - window.innerWidth)'),
})
