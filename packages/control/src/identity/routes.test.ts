import { openStore } from '@konnect/store'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  ADMIN,
  type Answer,
  API_TOKEN,
  createRecordingLogger,
  createTestBox,
  createTestSigner,
  type Harness,
  openTestStore,
  startControl,
} from '../harness/control-harness.ts'

let opened: Awaited<ReturnType<typeof openTestStore>>
let harness: Harness
let clockMs = Date.now()
const now = () => clockMs
const keep = { secrets: createTestBox(), signer: createTestSigner(), now }

beforeAll(async () => {
  opened = await openTestStore(openStore)
  harness = await startControl(opened.store, { ...keep, bootstrap: {} })
})
afterAll(async () => {
  await harness.close()
  await opened.remove()
})

const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  harness.raw(`/api/v1${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
const get = (path: string, headers: Record<string, string> = {}) => harness.raw(`/api/v1${path}`, { headers })
const cookieOf = (answer: Answer): string => answer.headers.get('set-cookie')?.split(';', 1)[0] ?? ''
const signIn = (password = ADMIN.password, email = ADMIN.email) => post('/session', { email, password })
const actions = async (): Promise<string[]> =>
  (await harness.store.asSystem((tx) => tx.audit.list({ kind: 'user', limit: 100 }))).items.map((one) => one.action)

/** Restarts the control plane on the same database. */
async function restart(bootstrap: Parameters<typeof startControl>[1] = {}): Promise<void> {
  await harness.close()
  harness = await startControl(opened.store, { ...keep, bootstrap: {}, ...bootstrap })
}

describe('setup', () => {
  const admin = { ...ADMIN, name: 'Ada' }

  it('offers a fresh one-time token at each start while nobody can sign in, and stores only its hash', async () => {
    const first = harness.control.setupToken ?? ''
    await restart()
    const second = harness.control.setupToken ?? ''
    expect(first).toMatch(/^kn_setup_/)
    expect(second).not.toBe(first)
    expect((await get('/setup')).body).toEqual({ needed: true })
    expect((await post('/setup', { ...admin, token: first })).body.code).toBe('setup_token_invalid')
    const setting = await harness.store.asSystem((tx) => tx.settings.get('setup-token'))
    expect(setting).toMatch(/^[0-9a-f]{64}$/)
  })

  it.each(['short', 'password123', 'aaaaaaaaaaaa', ADMIN.email])(
    'refuses the password %s without repeating it',
    async (password) => {
      const token = harness.control.setupToken
      const refused = await post('/setup', { ...admin, password, token })
      expect([refused.status, refused.body.errors[0].path]).toEqual([422, '/password'])
      expect((await get('/setup')).body).toEqual({ needed: true })
    },
  )

  it('creates the first administrator once, signed in', async () => {
    const token = harness.control.setupToken
    const both = await Promise.all([post('/setup', { ...admin, token }), post('/setup', { ...admin, token })])
    expect(both.map((one) => one.status).sort()).toEqual([201, 409])
    const created = both.find((one) => one.status === 201)
    expect(created?.body.user).toMatchObject({ email: ADMIN.email, name: 'Ada', role: 'admin' })
    const session = await get('/session', { cookie: cookieOf(created as Answer) })
    expect(session.body).toMatchObject({
      user: created?.body.user,
      tenants: [{ id: 'default', name: 'default', title: null }],
    })
    expect((await get('/setup')).body).toEqual({ needed: false })
    expect((await post('/setup', { ...admin, token })).body.code).toBe('setup_complete')
    await restart()
    expect(harness.control.setupToken).toBeUndefined()
  })
})

describe('sessions', () => {
  it('begin with a cookie that scripts and other sites cannot use, and end with sign-out', async () => {
    const signed = await signIn()
    expect(signed.status).toBe(200)
    expect(signed.headers.get('set-cookie')).toMatch(
      /^konnect_session=kn_ses_\w{32}; Max-Age=86400; Path=\/; HttpOnly; SameSite=Strict$/,
    )
    const cookie = cookieOf(signed)
    const out = await harness.raw('/api/v1/session', {
      method: 'DELETE',
      headers: { cookie, 'sec-fetch-site': 'same-origin' },
    })
    expect(out.status).toBe(204)
    expect((await get('/session', { cookie })).body.code).toBe('unauthenticated')
  })

  it('use a Secure cookie when the page came over TLS', async () => {
    const secure = await post('/session', ADMIN, { origin: 'https://konnect.test', 'sec-fetch-site': 'same-origin' })
    expect(secure.headers.get('set-cookie')).toContain('; Secure')
  })

  it('change nothing for a page of another site', async () => {
    const cookie = cookieOf(await signIn())
    const host = new URL(harness.url).host
    const create = (headers: Record<string, string>) =>
      post('/upstreams?dryRun=true', { name: 'x', targets: [{ url: 'http://a' }] }, { cookie, ...headers })
    for (const foreign of [
      {},
      { origin: 'https://evil.test' },
      { 'sec-fetch-site': 'cross-site', origin: `http://${host}` },
      { 'sec-fetch-site': 'same-site' },
      { origin: 'null' },
    ])
      expect((await create(foreign as Record<string, string>)).body.code).toBe('permission_denied')
    expect((await create({ origin: `http://${host}` })).status).toBe(200)
    expect((await create({ 'sec-fetch-site': 'same-origin' })).status).toBe(200)
    expect((await post('/session', ADMIN, { 'sec-fetch-site': 'cross-site' })).status).toBe(403)
  })

  it('expire after a day', async () => {
    clockMs -= 25 * 3_600_000
    const old = cookieOf(await signIn())
    clockMs += 2 * 3_600_000
    const young = cookieOf(await signIn())
    clockMs += 23 * 3_600_000
    expect((await get('/session', { cookie: old })).body.code).toBe('unauthenticated')
    expect((await get('/session', { cookie: young })).status).toBe(200)
    expect((await get('/session', { cookie: 'konnect_session=kn_ses_forged' })).status).toBe(401)
    expect((await get('/session')).body.code).toBe('unauthenticated')
  })

  it('are refused alike for a wrong password and an unknown e-mail, and recorded', async () => {
    const wrong = await signIn('not the password')
    const unknown = await signIn('not the password', 'nobody@example.test')
    const { requestId: _a, ...first } = wrong.body
    const { requestId: _b, ...second } = unknown.body
    expect([wrong.status, first]).toEqual([401, second])
    expect((await actions()).slice(0, 2)).toEqual(['user.sign-in-failed', 'user.sign-in-failed'])
  })

  it('cost as much work to refuse for an unknown e-mail as for a known one', async () => {
    const costOf = async (email: string) => {
      const before = process.cpuUsage()
      expect((await signIn('wrong wrong wrong', email)).status).toBe(401)
      const { user, system } = process.cpuUsage(before)
      return user + system
    }
    const leastOf = async (email: string) => Math.min(await costOf(email), await costOf(email), await costOf(email))
    const known = await leastOf(ADMIN.email)
    // Without a hash to verify it would be a small part of that.
    expect(await leastOf('unknown-one@example.test')).toBeGreaterThan(known / 2)
    expect((await signIn()).status).toBe(200)
  })

  it('make guessing slow, for the one account from the one address, and forgive in time', async () => {
    const email = 'victim@example.test'
    const statuses: number[] = []
    for (let count = 0; count < 6; count += 1) statuses.push((await signIn('guess guess', email)).status)
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429])
    const waiting = await signIn('guess guess', email)
    expect([waiting.body.code, waiting.headers.get('retry-after')]).toEqual(['too_many_attempts', '1'])
    expect((await signIn()).status).toBe(200)
    clockMs += 1_500
    expect((await signIn('guess guess', email)).status).toBe(401)
    expect(Number((await signIn('guess guess', email)).headers.get('retry-after'))).toBe(2)
  })
})

describe('a flood of sign-ins', () => {
  it('from one address is held up before any password is looked at', async () => {
    const flood = await Promise.all(Array.from({ length: 80 }, () => post('/session', {})))
    const refused = flood.filter((one) => one.status === 429)
    expect(refused.length).toBeGreaterThan(10)
    expect(refused[0]?.body.code).toBe('too_many_attempts')
    expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThan(0)
  })
})

describe('API tokens', () => {
  it('are created, used, listed without their value, and revoked', async () => {
    await restart({ bootstrap: { apiToken: API_TOKEN } })
    const created = await harness.request('POST', '/tokens', { name: 'ci' })
    expect(created.status).toBe(201)
    expect(created.body.value).toMatch(/^kn_api_[0-9A-Za-z]{32}$/)
    const asToken = () => get('/session', { authorization: `Bearer ${created.body.value}` })
    expect((await asToken()).body.user).toBeNull()
    const list = await harness.request('GET', '/tokens')
    expect(list.text).not.toContain(created.body.value)
    expect(list.body.items).toContainEqual(
      expect.objectContaining({ name: 'ci', hint: created.body.value.slice(-4), lastUsedAt: expect.any(String) }),
    )
    expect((await harness.request('DELETE', `/tokens/${created.body.token.id}`)).status).toBe(204)
    expect((await asToken()).body.code).toBe('unauthenticated')
    expect((await harness.request('DELETE', `/tokens/${created.body.token.id}`)).status).toBe(404)
    const audit = JSON.stringify(await harness.store.asSystem((tx) => tx.audit.list({ kind: 'token' })))
    expect(audit).toContain('token.created')
    expect(audit).not.toContain(created.body.value)
  })

  it('refuse an expiry that has passed and a name that is empty', async () => {
    const past = await harness.request('POST', '/tokens', { name: 'late', expiresAt: '2001-01-01T00:00:00Z' })
    expect([past.status, past.body.errors[0].path]).toEqual([422, '/expiresAt'])
    expect((await harness.request('POST', '/tokens', { name: '' })).status).toBe(422)
  })

  it('given at start replace the one of the start before', async () => {
    const next = `${API_TOKEN}_next`
    await restart({ bootstrap: { apiToken: next } })
    expect((await get('/tokens', { authorization: `Bearer ${API_TOKEN}` })).status).toBe(401)
    expect((await get('/tokens', { authorization: `Bearer ${next}` })).status).toBe(200)
  })
})

describe('bootstrap', () => {
  it.each([
    [{ adminEmail: 'a@example.test' }],
    [{ adminPassword: ADMIN.password }],
    [{ adminEmail: 'nonsense', adminPassword: ADMIN.password }],
    [{ adminEmail: 'a@example.test', adminPassword: 'password123' }],
    [{ apiToken: 'short' }],
  ])('refuses half or weak credentials: %j', async (bootstrap) => {
    await expect(
      startControl(opened.store, { ...keep, bootstrap, logger: createRecordingLogger() }),
    ).rejects.toMatchObject({
      code: 'validation_failed',
    })
  })

  it('does not change an administrator who exists', async () => {
    await restart({ bootstrap: { adminEmail: 'second@example.test', adminPassword: 'another long passphrase' } })
    expect((await signIn('another long passphrase', 'second@example.test')).status).toBe(401)
    expect((await signIn()).status).toBe(200)
  })
})
