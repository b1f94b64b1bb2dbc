import { DEFAULT_TENANT } from '@konnect/contract'
import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { transact } from '../postgres-store.ts'
import { codeOf, type Fixture, freshTenant, newCall, newResource } from './fixture.ts'

/** Guarantees of transactions and of the walls between tenants. */
export function isolationConformance(fixture: () => Fixture): void {
  /** Runs SQL of its own with the rights that `asTenant` (or with null `asSystem`) gives. */
  const raw = <T>(viewer: string | null, statement: string) =>
    transact(fixture().prepared, viewer, async ({ db }) => (await sql.raw<T>(statement).execute(db)).rows)

  describe('tenants', () => {
    it('cannot see, change or remove rows of another, whatever SQL runs', async () => {
      const [mine, theirs] = [await freshTenant(fixture()), await freshTenant(fixture())]
      const secret = newResource({ name: 'secret' })
      await fixture().store.asTenant(theirs, (tx) => tx.resources.insert(secret))
      await fixture().store.asSystem((tx) => tx.calls.insert([newCall(theirs)]))
      expect(await raw(mine, 'select * from resources')).toEqual([])
      expect(await raw(mine, `select * from resources where id = '${secret.id}'`)).toEqual([])
      expect(await raw(mine, 'select * from calls')).toEqual([])
      expect(await raw(mine, 'select * from calls_20260131')).toEqual([])
      expect(await raw(mine, `update resources set name = 'taken' returning id`)).toEqual([])
      expect(await raw(mine, 'delete from resources returning id')).toEqual([])
      expect(await raw(theirs, 'select name from resources')).toEqual([{ name: 'secret' }])
    })

    it('cannot write rows for another', async () => {
      const [mine, theirs] = [await freshTenant(fixture()), await freshTenant(fixture())]
      const insert = `insert into resources (id, tenant_id, kind, name, spec) values ('x', '${theirs}', 'api', 'x', '{}')`
      expect(await codeOf(raw(mine, insert))).toBe('permission_denied')
      const user = { id: 'u', email: 'u@example.com', name: 'U', passwordHash: 'x', role: 'admin' as const }
      const insertUser = fixture().store.asTenant(mine, (tx) =>
        tx.identity.insertUser({ ...user, createdAt: '2026-01-31T12:00:00.000Z' }),
      )
      expect(await codeOf(insertUser)).toBe('permission_denied')
    })

    it('are told apart on every table', async () => {
      const open = await raw(
        null,
        `select relname::text as name from pg_class
         where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p')
           and relname not like 'kysely_%' and not (relrowsecurity and relforcerowsecurity)`,
      )
      expect(open).toEqual([])
    })

    it('are told apart by a role that row-level security holds', async () => {
      const [role] = await raw<{ bypasses: boolean }>(
        DEFAULT_TENANT,
        'select rolsuper or rolbypassrls as bypasses from pg_roles where rolname = current_user',
      )
      expect(role).toEqual({ bypasses: false })
    })

    it('leave nothing behind on the connection', async () => {
      const tenantId = await freshTenant(fixture())
      await raw(tenantId, 'select 1')
      const after = await sql<{ tenant: string | null; system: string | null }>`
        select current_setting('konnect.tenant', true) as tenant, current_setting('konnect.system', true) as system
      `.execute(fixture().prepared.db)
      expect(Object.values(after.rows[0] ?? {}).every((value) => value === null || value === '')).toBe(true)
    })
  })

  describe('the system', () => {
    it('sees every tenant, and through forTenant just the one', async () => {
      const [one, two] = [await freshTenant(fixture()), await freshTenant(fixture())]
      const [first, second] = [newResource({ name: 'same' }), newResource({ name: 'same' })]
      await fixture().store.asSystem(async (tx) => {
        await tx.forTenant(one).insert(first)
        await tx.forTenant(two).insert(second)
        const ids = (await tx.resources.all()).map((row) => row.id)
        expect(ids).toEqual(expect.arrayContaining([first.id, second.id, DEFAULT_TENANT]))
        expect((await tx.forTenant(one).all()).map((row) => row.id)).toEqual([first.id])
        expect(await tx.forTenant(two).get(first.id)).toBeUndefined()
        expect(await tx.forTenant(two).findByName('api', 'same')).toMatchObject({ id: second.id, tenantId: two })
        expect(await tx.resources.get(second.id)).toMatchObject({ tenantId: two })
        expect(await codeOf(tx.forTenant(two).remove(first.id))).toBe('resource_not_found')
      })
    })
  })

  describe('a transaction', () => {
    it('leaves nothing when its work throws, and passes the error on as it is', async () => {
      const tenantId = await freshTenant(fixture())
      const failure = new Error('changed my mind')
      const attempt = fixture().store.asTenant(tenantId, async (tx) => {
        await tx.resources.insert(newResource())
        throw failure
      })
      await expect(attempt).rejects.toBe(failure)
      expect(await fixture().store.asTenant(tenantId, (tx) => tx.resources.count('api'))).toBe(0)
    })

    it('does not show others what it has not committed', async () => {
      const tenantId = await freshTenant(fixture())
      const { store } = fixture()
      const counted: number[] = []
      await Promise.all([
        store.asTenant(tenantId, async (tx) => {
          await tx.resources.insert(newResource())
          counted.push(await tx.resources.count('api'))
        }),
        store.asTenant(tenantId, async (tx) => {
          const count = await tx.resources.count('api')
          expect(count === 0 || counted.length === 1).toBe(true)
        }),
      ])
      expect(counted).toEqual([1])
    })

    it('limits how long a statement may take', async () => {
      const [row] = await raw<{ limit: string }>(null, `select current_setting('statement_timeout') as limit`)
      expect(row).toEqual({ limit: '30s' })
    })
  })
}
