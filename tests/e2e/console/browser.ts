import { existsSync } from 'node:fs'
import { type Browser, type BrowserContext, type ConsoleMessage, chromium, type Page } from 'playwright-core'

const CHROMIUM = '/usr/bin/chromium'
const ACT_WITHIN_MS = 15_000

/** Whether the browser tests can run here. */
export const hasBrowser = existsSync(CHROMIUM)

if (!hasBrowser) console.log(`SKIPPED: the console's browser tests, because there is no ${CHROMIUM}.`)

/** Starts a headless browser that talks to nobody but the page. */
export const openBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: CHROMIUM,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
    ],
  })

/** A window, and what its page complained about. */
export interface Watched {
  readonly context: BrowserContext
  readonly page: Page
  /** Errors in the browser's console, uncaught exceptions, and requests that left the console's own origin. */
  readonly complaints: string[]
}

export interface WindowOptions {
  readonly origin: string
  readonly colorScheme?: 'light' | 'dark'
  readonly width?: number
  /** Complaints that a test expects, e.g. a record that is asked for before it arrives. */
  readonly isExpected?: (text: string) => boolean
}

/** Opens a window and collects every complaint of its page. */
export async function openWindow(browser: Browser, options: WindowOptions): Promise<Watched> {
  const { origin, colorScheme = 'light', width = 1360, isExpected = () => false } = options
  const context = await browser.newContext({ colorScheme, viewport: { width, height: 850 }, reducedMotion: 'reduce' })
  const page = await context.newPage()
  page.setDefaultTimeout(ACT_WITHIN_MS)
  const complaints: string[] = []
  const complain = (text: string) => {
    if (!isExpected(text)) complaints.push(text)
  }
  page.on('console', (message) => {
    if (message.type() === 'error') complain(textOf(message))
  })
  page.on('pageerror', (error) => complain(`uncaught: ${error.message}`))
  page.on('request', (request) => {
    if (!request.url().startsWith(origin) && !request.url().startsWith('data:')) complain(`outside: ${request.url()}`)
  })
  return { context, page, complaints }
}

const textOf = (message: ConsoleMessage): string => `${message.text()} (${message.location().url})`

/** Makes the first administrator with the link of the first start; the window is signed in as that one from then on. */
export async function setUpAdministrator(
  { context }: Pick<Watched, 'context'>,
  { consoleUrl, setupUrl }: { readonly consoleUrl: string; readonly setupUrl?: string | undefined },
): Promise<void> {
  const token = new URL(setupUrl ?? '').searchParams.get('token')
  const answer = await context.request.post(`${consoleUrl}/api/v1/setup`, {
    headers: { origin: consoleUrl },
    data: { token, email: 'ada@example.com', name: 'Ada', password: 'a long enough phrase' },
  })
  if (!answer.ok()) throw new Error(`The set-up answered ${answer.status()}`)
}
