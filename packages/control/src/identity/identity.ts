import {
  type ApiToken,
  type ApiTokenRow,
  DEFAULT_TENANT,
  type FieldFault,
  GatewayError,
  type SessionInfo,
  type Store,
  type User,
  type UserRow,
} from '@konnect/contract'
import { type Actor, auditEvent } from '../audit/event.ts'
import { createId, createToken } from '../resources/ids.ts'
import { sha256 } from '../resources/traits.ts'
import { demandPassword, hashPassword, verifyPassword } from './passwords.ts'
import { SlowDown } from './slow-down.ts'

/** Who speaks: a signed-in user, or an API token. */
export interface Principal {
  /** `user:<email>` or `token:<name>`. */
  readonly label: string
  readonly user: User | null
}

/** How long a session lives. */
export const SESSION_MS = 24 * 3_600_000
const TOKEN_USE_RESOLUTION_MS = 60_000
const SETUP_SETTING = 'setup-token'
const BOOTSTRAP_TOKEN_ID = 'tok_bootstrap'

/** What the installation is given at start to identify its first administrator. */
export interface Bootstrap {
  readonly adminEmail?: string
  readonly adminPassword?: string
  readonly apiToken?: string
}

/** A fresh session. `value` goes into the cookie and is kept nowhere. */
export interface NewSession {
  readonly user: User
  readonly value: string
}

/** People and programs that may use the control API: setup, sign-in, sessions, API tokens. */
export class Identity {
  readonly #store: Store
  readonly #now: () => number
  readonly #slowDown: SlowDown
  // Verified against when an e-mail is unknown, so that the answer takes as long.
  readonly #decoy: Promise<string>

  constructor(store: Store, now: () => number) {
    this.#store = store
    this.#now = now
    this.#slowDown = new SlowDown(now)
    this.#decoy = hashPassword(createToken(''))
  }

  /**
   * Registers what was given at start. Returns a fresh setup token while no administrator exists, undefined otherwise;
   * only its hash is stored. Throws `validation_failed` for half a credential or a weak one.
   */
  async bootstrap(given: Bootstrap): Promise<string | undefined> {
    demandWhole(given)
    const phc = given.adminPassword === undefined ? undefined : await hashPassword(given.adminPassword)
    return this.#store.asSystem(async (tx) => {
      if (given.apiToken !== undefined) {
        await tx.identity.deleteToken(BOOTSTRAP_TOKEN_ID)
        await tx.identity.saveToken(this.#tokenRow('bootstrap', given.apiToken, { id: BOOTSTRAP_TOKEN_ID }))
      }
      if ((await tx.identity.countUsers()) > 0) return undefined
      if (given.adminEmail !== undefined && phc !== undefined) {
        const user = this.#userRow({ email: given.adminEmail, name: given.adminEmail }, phc)
        await tx.identity.insertUser(user)
        await tx.settings.delete(SETUP_SETTING)
        const subject = { kind: 'user', resource: { id: user.id, name: user.email } }
        await tx.audit.append(auditEvent({ label: 'system', clientIp: null }, 'user.created', subject, this.#now()))
        return undefined
      }
      const token = createToken('kn_setup_')
      await tx.settings.set(SETUP_SETTING, sha256(token))
      return token
    })
  }

  isSetupNeeded(): Promise<boolean> {
    return this.#store.asSystem(async (tx) => (await tx.identity.countUsers()) === 0)
  }

  /** Creates the first administrator. Throws `setup_complete`, `setup_token_invalid`, `validation_failed`. */
  async setUp(
    input: { token: string; email: string; name: string; password: string },
    clientIp: string,
  ): Promise<NewSession> {
    const key = `setup ${clientIp}`
    this.#slowDown.demand(key)
    demandPassword(input.password, input.email)
    const phc = await hashPassword(input.password)
    const created = await this.#store.asSystem(async (tx) => {
      // Whoever else holds the link waits here and then finds an administrator.
      await tx.snapshots.nextVersion()
      if ((await tx.identity.countUsers()) > 0) throw new GatewayError('setup_complete')
      if ((await tx.settings.get(SETUP_SETTING)) !== sha256(input.token)) return undefined
      const user = this.#userRow(input, phc)
      await tx.identity.insertUser(user)
      await tx.settings.delete(SETUP_SETTING)
      const subject = { kind: 'user', resource: { id: user.id, name: user.email } }
      const actor = { label: `user:${user.email}`, clientIp }
      await tx.audit.append(auditEvent(actor, 'user.created', subject, this.#now()))
      return { user: shownUser(user), value: await this.#openSession(tx, user) }
    })
    if (created) return created
    this.#slowDown.fail(key)
    await this.#record({ label: 'anonymous', clientIp }, 'user.setup-failed', null)
    throw new GatewayError('setup_token_invalid')
  }

  /** Throws `sign_in_failed` for unknown e-mail and wrong password alike, and `too_many_attempts`. */
  async signIn(input: { email: string; password: string }, clientIp: string): Promise<NewSession> {
    const email = input.email.trim().toLowerCase()
    const key = `${clientIp} ${email}`
    this.#slowDown.demand(key)
    const user = await this.#store.asSystem((tx) => tx.identity.findUserByEmail(email))
    const isRight = await verifyPassword(user?.passwordHash ?? (await this.#decoy), input.password)
    if (!user || !isRight) {
      this.#slowDown.fail(key)
      await this.#record({ label: `user:${email.slice(0, 254)}`, clientIp }, 'user.sign-in-failed', user)
      throw new GatewayError('sign_in_failed')
    }
    this.#slowDown.succeed(key)
    return this.#store.asSystem(async (tx) => {
      const value = await this.#openSession(tx, user)
      await tx.audit.append(this.#userEvent({ label: `user:${user.email}`, clientIp }, 'user.signed-in', user))
      return { user: shownUser(user), value }
    })
  }

  async signOut(cookie: string | undefined, actor: Actor): Promise<void> {
    await this.#store.asSystem(async (tx) => {
      if (cookie !== undefined) await tx.identity.deleteSession(sha256(cookie))
      await tx.audit.append(this.#userEvent(actor, 'user.signed-out', undefined))
    })
  }

  /** Throws `unauthenticated`. */
  ofSession(cookie: string): Promise<Principal> {
    return this.#store.asSystem(async (tx) => {
      const session = await tx.identity.findSession(sha256(cookie))
      const user = session && (await tx.identity.findUser(session.userId))
      if (!user) throw new GatewayError('unauthenticated', { detail: 'The session has ended; sign in again.' })
      return { label: `user:${user.email}`, user: shownUser(user) }
    })
  }

  /** Throws `unauthenticated`. */
  ofToken(value: string): Promise<Principal> {
    return this.#store.asSystem(async (tx) => {
      const token = await tx.identity.findToken(sha256(value))
      if (!token) throw new GatewayError('unauthenticated', { detail: 'The API token is unknown, expired or revoked.' })
      const lastUsedMs = token.lastUsedAt === null ? 0 : Date.parse(token.lastUsedAt)
      if (this.#now() - lastUsedMs > TOKEN_USE_RESOLUTION_MS)
        await tx.identity.saveToken({ ...token, lastUsedAt: this.#isoNow() })
      const user = token.userId === null ? undefined : await tx.identity.findUser(token.userId)
      return { label: `token:${token.name}`, user: user ? shownUser(user) : null }
    })
  }

  sessionInfo(principal: Principal): Promise<SessionInfo> {
    return this.#store.asSystem(async (tx) => {
      const tenants = await tx.forTenant(DEFAULT_TENANT).list({ kind: 'tenant', limit: 1000 })
      return {
        user: principal.user,
        tenants: tenants.items.map(({ id, name, spec }) => ({
          id,
          name,
          title: typeof spec.title === 'string' ? spec.title : null,
        })),
      }
    })
  }

  async listTokens(): Promise<ApiToken[]> {
    return (await this.#store.asSystem((tx) => tx.identity.listTokens())).map(shownToken)
  }

  /** `value` is told this once. Throws `validation_failed` for an expiry in the past. */
  async createToken(
    input: { name: string; expiresAt?: string },
    principal: Principal,
    actor: Actor,
  ): Promise<{ token: ApiToken; value: string }> {
    const expiresAt = input.expiresAt === undefined ? null : new Date(input.expiresAt).toISOString()
    if (expiresAt !== null && Date.parse(expiresAt) <= this.#now())
      throw fieldFault('/expiresAt', 'Expected a time in the future.')
    const value = createToken('kn_api_')
    const row = this.#tokenRow(input.name, value, { expiresAt, userId: principal.user?.id ?? null })
    await this.#store.asSystem(async (tx) => {
      await tx.identity.saveToken(row)
      await tx.audit.append(auditEvent(actor, 'token.created', { kind: 'token', resource: row }, this.#now()))
    })
    return { token: shownToken(row), value }
  }

  /** Throws `resource_not_found`. */
  async deleteToken(id: string, actor: Actor): Promise<void> {
    await this.#store.asSystem(async (tx) => {
      if (!(await tx.identity.deleteToken(id))) throw new GatewayError('resource_not_found')
      await tx.audit.append(
        auditEvent(actor, 'token.deleted', { kind: 'token', resource: { id, name: id } }, this.#now()),
      )
    })
  }

  async #openSession(
    tx: Pick<Parameters<Parameters<Store['asSystem']>[0]>[0], 'identity'>,
    user: UserRow,
  ): Promise<string> {
    const value = createToken('kn_ses_')
    const expiresAt = new Date(this.#now() + SESSION_MS).toISOString()
    await tx.identity.insertSession({ hash: sha256(value), userId: user.id, createdAt: this.#isoNow(), expiresAt })
    return value
  }

  async #record(actor: Actor, action: string, user: UserRow | null | undefined): Promise<void> {
    await this.#store.asSystem((tx) => tx.audit.append(this.#userEvent(actor, action, user)))
  }

  #userEvent(actor: Actor, action: string, user: UserRow | null | undefined) {
    const resource = user ? { id: user.id, name: user.email } : undefined
    return auditEvent(actor, action, { kind: 'user', resource }, this.#now())
  }

  #userRow(input: { email: string; name: string }, passwordHash: string): UserRow {
    const email = input.email.trim().toLowerCase()
    const name = input.name.trim() || email
    return { id: createId('usr'), email, name, passwordHash, role: 'admin', createdAt: this.#isoNow() }
  }

  #tokenRow(name: string, value: string, rest: Partial<ApiTokenRow>): ApiTokenRow {
    const base = { id: createId('tok'), userId: null, expiresAt: null, lastUsedAt: null, createdAt: this.#isoNow() }
    return { ...base, ...rest, name, hash: sha256(value), hint: value.slice(-4) }
  }

  #isoNow(): string {
    return new Date(this.#now()).toISOString()
  }
}

function demandWhole(given: Bootstrap): void {
  if ((given.adminEmail === undefined) !== (given.adminPassword === undefined))
    throw fieldFault('', 'Give the e-mail and the password of the administrator together, or neither.')
  if (given.adminEmail !== undefined && !given.adminEmail.includes('@'))
    throw fieldFault('/adminEmail', 'Expected an e-mail address for the administrator.')
  if (given.adminPassword !== undefined) demandPassword(given.adminPassword, given.adminEmail ?? '')
  if (given.apiToken !== undefined && given.apiToken.length < 16)
    throw fieldFault('/apiToken', 'Expected an API token of at least 16 characters.')
}

const fieldFault = (path: string, message: string): GatewayError => {
  const fault: FieldFault = { path, message }
  return new GatewayError('validation_failed', { detail: message, errors: [fault] })
}

const shownUser = ({ id, email, name, role }: UserRow): User => ({ id, email, name, role })

const shownToken = ({ id, name, hint, createdAt, expiresAt, lastUsedAt }: ApiTokenRow): ApiToken => ({
  id,
  name,
  hint,
  createdAt,
  expiresAt,
  lastUsedAt,
})
