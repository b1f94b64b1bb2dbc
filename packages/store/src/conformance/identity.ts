import { type ApiTokenRow, DEFAULT_TENANT, type StoreTransaction, type UserRow } from '@konnect/contract'
import { describe, expect, it } from 'vitest'
import { codeOf, type Fixture, freshId } from './fixture.ts'

const past = '2020-01-01T00:00:00.000Z'
const future = '2120-01-01T00:00:00.000Z'

const newUser = (change: Partial<UserRow> = {}): UserRow => {
  const id = freshId('usr')
  const row: UserRow = {
    id,
    email: `${id}@example.com`,
    name: 'Ada',
    passwordHash: 'phc',
    role: 'admin',
    createdAt: past,
  }
  return { ...row, ...change }
}

const newToken = (change: Partial<ApiTokenRow> = {}): ApiTokenRow => ({
  id: freshId('tok'),
  name: 'ci',
  hash: freshId('hash'),
  hint: 'kn_…1234',
  userId: null,
  createdAt: past,
  expiresAt: null,
  lastUsedAt: null,
  ...change,
})

/** Guarantees of the identity and setting repositories. */
export function identityConformance(fixture: () => Fixture): void {
  const system = <T>(work: (tx: StoreTransaction) => Promise<T>) => fixture().store.asSystem(work)

  describe('users', () => {
    it('are found by id and by e-mail in any case, and counted', async () => {
      const before = await system((tx) => tx.identity.countUsers())
      const user = newUser()
      await system((tx) => tx.identity.insertUser(user))
      expect(await system((tx) => tx.identity.findUser(user.id))).toEqual(user)
      expect(await system((tx) => tx.identity.findUserByEmail(user.email.toUpperCase()))).toEqual(user)
      expect(await system((tx) => tx.identity.findUserByEmail('nobody@example.com'))).toBeUndefined()
      expect(await system((tx) => tx.identity.countUsers())).toBe(before + 1)
    })

    it('cannot share an e-mail address', async () => {
      const user = newUser()
      await system((tx) => tx.identity.insertUser(user))
      const twin = newUser({ email: user.email.toUpperCase() })
      expect(await codeOf(system((tx) => tx.identity.insertUser(twin)))).toBe('name_taken')
    })

    it('belong to the installation: the default tenant sees them', async () => {
      const user = newUser()
      await system((tx) => tx.identity.insertUser(user))
      const seen = await fixture().store.asTenant(DEFAULT_TENANT, (tx) => tx.identity.findUser(user.id))
      expect(seen).toEqual(user)
    })
  })

  describe('sessions', () => {
    it('are found until they expire or are deleted', async () => {
      const user = newUser()
      const [live, expired] = [freshId('hash'), freshId('hash')]
      await system(async (tx) => {
        await tx.identity.insertUser(user)
        await tx.identity.insertSession({ hash: live, userId: user.id, createdAt: past, expiresAt: future })
        await tx.identity.insertSession({ hash: expired, userId: user.id, createdAt: past, expiresAt: past })
      })
      const find = (hash: string) => system((tx) => tx.identity.findSession(hash))
      expect(await find(live)).toEqual({ hash: live, userId: user.id, createdAt: past, expiresAt: future })
      expect(await find(expired)).toBeUndefined()
      await system((tx) => tx.identity.deleteSession(live))
      expect(await find(live)).toBeUndefined()
    })
  })

  describe('API tokens', () => {
    it('are found by hash until they expire, listed and deleted', async () => {
      const [lasting, expired] = [newToken(), newToken({ expiresAt: past })]
      await system(async (tx) => {
        await tx.identity.saveToken(lasting)
        await tx.identity.saveToken(expired)
      })
      expect(await system((tx) => tx.identity.findToken(lasting.hash))).toEqual(lasting)
      expect(await system((tx) => tx.identity.findToken(expired.hash))).toBeUndefined()
      expect(await system((tx) => tx.identity.listTokens())).toEqual(expect.arrayContaining([lasting, expired]))
      expect(await system((tx) => tx.identity.deleteToken(lasting.id))).toBe(true)
      expect(await system((tx) => tx.identity.deleteToken(lasting.id))).toBe(false)
      expect(await system((tx) => tx.identity.findToken(lasting.hash))).toBeUndefined()
    })

    it('replace one of the same hash', async () => {
      const token = newToken()
      const renamed = { ...token, id: freshId('tok'), name: 'deploy', expiresAt: future, lastUsedAt: past }
      await system((tx) => tx.identity.saveToken(token))
      await system((tx) => tx.identity.saveToken(renamed))
      expect(await system((tx) => tx.identity.findToken(token.hash))).toEqual(renamed)
    })
  })

  describe('settings', () => {
    it('are set, replaced and deleted', async () => {
      const name = freshId('setting')
      const get = () => system((tx) => tx.settings.get(name))
      expect(await get()).toBeUndefined()
      await system((tx) => tx.settings.set(name, 'one'))
      await system((tx) => tx.settings.set(name, 'two'))
      expect(await get()).toBe('two')
      await system((tx) => tx.settings.delete(name))
      expect(await get()).toBeUndefined()
    })
  })
}
