import { DEFAULT_TENANT, type ResourceRepository } from '@konnect/contract'
import { describe, expect, it } from 'vitest'
import { codeOf, type Fixture, freshTenant, newResource } from './fixture.ts'

/** Guarantees of the resource repository. */
export function resourcesConformance(fixture: () => Fixture): void {
  const within = async <T>(work: (resources: ResourceRepository, tenantId: string) => Promise<T>): Promise<T> => {
    const tenantId = await freshTenant(fixture())
    return fixture().store.asTenant(tenantId, (tx) => work(tx.resources, tenantId))
  }
  /** Each step in a transaction of its own, as separate requests would. */
  const steps = async () => {
    const tenantId = await freshTenant(fixture())
    return <T>(work: (resources: ResourceRepository) => Promise<T>) =>
      fixture().store.asTenant(tenantId, (tx) => work(tx.resources))
  }

  describe('resources', () => {
    it('come back as they were stored, at revision 1', () =>
      within(async (resources, tenantId) => {
        const spec = { name: 'orders', nested: { list: [1, 'two', null, true], text: 'ü — "quoted" \\ \n' } }
        const inserted = await resources.insert(newResource({ id: `a-${tenantId}`, name: 'orders', spec }))
        expect(inserted).toEqual({
          id: `a-${tenantId}`,
          tenantId,
          kind: 'api',
          parentId: null,
          name: 'orders',
          spec,
          revision: 1,
          createdAt: inserted.createdAt,
          updatedAt: inserted.createdAt,
        })
        expect(inserted.createdAt).toBe(new Date(inserted.createdAt).toISOString())
        expect(await resources.get(inserted.id)).toEqual(inserted)
        expect(await resources.findByName('api', 'orders')).toEqual(inserted)
        expect(await resources.findByName('model', 'orders')).toBeUndefined()
      }))

    it('of the same kind, parent and name cannot exist twice, and the transaction lives on', () =>
      within(async (resources) => {
        const first = await resources.insert(newResource({ name: 'orders' }))
        expect(await codeOf(resources.insert(newResource({ name: 'orders' })))).toBe('name_taken')
        await resources.insert(newResource({ name: 'orders', kind: 'model' }))
        const child = newResource({ name: 'one', kind: 'route', parentId: first.id })
        await resources.insert(child)
        expect(await codeOf(resources.insert({ ...child, id: 'another' }))).toBe('name_taken')
        const other = await resources.insert(newResource({ name: 'invoices' }))
        await resources.insert({ ...child, id: `${child.id}-2`, parentId: other.id })
        expect(await resources.findByName('route', 'one', other.id)).toMatchObject({ id: `${child.id}-2` })
      }))

    it('may have the same name in two tenants', async () => {
      const [one, two] = [await steps(), await steps()]
      await one((resources) => resources.insert(newResource({ name: 'orders' })))
      await two((resources) => resources.insert(newResource({ name: 'orders' })))
      expect(await two((resources) => resources.count('api'))).toBe(1)
    })

    it('grow by one revision with each update', () =>
      within(async (resources) => {
        const { id } = await resources.insert(newResource())
        const updated = await resources.update(id, { spec: { a: 1 }, references: [] })
        expect(updated).toMatchObject({ revision: 2, spec: { a: 1 } })
        const again = await resources.update(id, { spec: { a: 2 }, references: [], expectedRevision: 2 })
        expect(again.revision).toBe(3)
      }))

    it('are not overwritten by someone who saw an older revision', () =>
      within(async (resources) => {
        const { id } = await resources.insert(newResource())
        await resources.update(id, { spec: { by: 'first' }, references: [], expectedRevision: 1 })
        const late = resources.update(id, { spec: { by: 'second' }, references: [], expectedRevision: 1 })
        expect(await codeOf(late)).toBe('revision_conflict')
        expect((await resources.get(id))?.spec).toEqual({ by: 'first' })
      }))

    it('that do not exist are reported as such', () =>
      within(async (resources) => {
        expect(await resources.get('nowhere')).toBeUndefined()
        expect(await codeOf(resources.update('nowhere', { spec: {}, references: [] }))).toBe('resource_not_found')
        expect(await codeOf(resources.remove('nowhere'))).toBe('resource_not_found')
      }))

    it('cannot be removed while others refer to them, and the users are named', async () => {
      const step = await steps()
      const upstream = await step((r) => r.insert(newResource({ kind: 'upstream', name: 'backend' })))
      const api = await step((r) => r.insert(newResource({ name: 'orders', references: [upstream.id] })))
      expect(await step((r) => r.usedBy(upstream.id))).toEqual([api])
      const refusal = step((r) => r.remove(upstream.id))
      await expect(refusal).rejects.toMatchObject({
        code: 'in_use',
        errors: [{ path: '', message: 'api orders refers to it' }],
      })
      await step((r) => r.update(api.id, { spec: {}, references: [] }))
      await step((r) => r.remove(upstream.id))
      expect(await step((r) => r.get(upstream.id))).toBeUndefined()
    })

    it('stay as they were when a removal is refused and the transaction goes on', async () => {
      const step = await steps()
      const [target, other] = await step(async (r) => [
        await r.insert(newResource({ kind: 'upstream' })),
        await r.insert(newResource({ kind: 'provider' })),
      ])
      const api = await step((r) => r.insert(newResource({ references: [target?.id ?? '', other?.id ?? ''] })))
      await step(async (r) => {
        expect(await codeOf(r.remove(target?.id ?? ''))).toBe('in_use')
      })
      expect(await step((r) => r.usedBy(other?.id ?? ''))).toEqual([api])
    })

    it('are removed with their children, and references inside the removed part do not count', async () => {
      const step = await steps()
      const api = await step((r) => r.insert(newResource()))
      const route = await step((r) => r.insert(newResource({ kind: 'route', parentId: api.id, references: [api.id] })))
      const nested = newResource({ kind: 'key', parentId: route.id, references: [api.id, route.id] })
      await step((r) => r.insert(nested))
      await step((r) => r.remove(api.id))
      expect(await step((r) => r.all())).toEqual([])
    })

    it('cannot be removed while another refers to one of their children', async () => {
      const step = await steps()
      const api = await step((r) => r.insert(newResource()))
      const route = await step((r) => r.insert(newResource({ kind: 'route', parentId: api.id })))
      await step((r) => r.insert(newResource({ kind: 'product', references: [route.id] })))
      expect(await codeOf(step((r) => r.remove(api.id)))).toBe('in_use')
    })

    it('refuse a parent or a reference that does not exist in their tenant', async () => {
      const [step, foreign] = [await steps(), await steps()]
      const elsewhere = await foreign((r) => r.insert(newResource()))
      for (const id of ['nowhere', elsewhere.id]) {
        expect(await codeOf(step((r) => r.insert(newResource({ parentId: id }))))).toBe('validation_failed')
        expect(await codeOf(step((r) => r.insert(newResource({ references: [id] }))))).toBe('validation_failed')
      }
      expect(await step((r) => r.all())).toEqual([])
    })

    it('come page by page in either order without gaps or repetitions', async () => {
      const step = await steps()
      const names = Array.from({ length: 25 }, (_, index) => `api-${String(index).padStart(2, '0')}`)
      await step(async (r) => {
        for (const name of [...names].reverse()) await r.insert(newResource({ name }))
      })
      for (const sort of ['name', '-name', 'updatedAt', '-updatedAt'] as const) {
        const seen: string[] = []
        let cursor: string | null | undefined
        while (cursor !== null) {
          const query = { kind: 'api' as const, limit: 10, sort, ...(cursor === undefined ? {} : { cursor }) }
          const page = await step((r) => r.list(query))
          seen.push(...page.items.map((item) => item.name))
          cursor = page.nextCursor
        }
        expect([...seen].sort()).toEqual(names)
        if (sort === 'name') expect(seen).toEqual(names)
        if (sort === '-name') expect(seen).toEqual([...names].reverse())
      }
    })

    it('are found by part of the name, in any case, without wildcards', () =>
      within(async (resources) => {
        for (const name of ['Orders', 'reorder', 'or%er', 'invoices']) await resources.insert(newResource({ name }))
        const search = async (text: string) =>
          (await resources.list({ kind: 'api', search: text })).items.map((item) => item.name)
        expect(await search('ORDER')).toEqual(['Orders', 'reorder'])
        expect(await search('%')).toEqual(['or%er'])
        expect(await search('nothing')).toEqual([])
      }))

    it('are listed and counted by kind and parent', () =>
      within(async (resources) => {
        const [one, two] = [await resources.insert(newResource()), await resources.insert(newResource())]
        const route = await resources.insert(newResource({ kind: 'route', parentId: one.id }))
        await resources.insert(newResource({ kind: 'route', parentId: two.id }))
        expect((await resources.list({ kind: 'route', parentId: one.id })).items).toEqual([route])
        expect(await resources.count('route')).toBe(2)
        expect(await resources.count('budget')).toBe(0)
      }))

    it('refuse a cursor that is broken or of another order', () =>
      within(async (resources) => {
        for (let count = 0; count < 3; count += 1) await resources.insert(newResource())
        const { nextCursor } = await resources.list({ kind: 'api', limit: 1 })
        expect(await codeOf(resources.list({ kind: 'api', cursor: 'nonsense' }))).toBe('validation_failed')
        const foreign = resources.list({ kind: 'api', cursor: nextCursor ?? '', sort: '-name' })
        expect(await codeOf(foreign)).toBe('validation_failed')
      }))

    it('hold text that a database cannot, with a mark in its place', () =>
      within(async (resources) => {
        const spec = { text: 'a\0b\ud800c', '\0key': ['\udc00'], plain: '\\u0000' }
        const { id } = await resources.insert(newResource({ spec }))
        expect((await resources.get(id))?.spec).toEqual({
          text: 'a\u{fffd}b\u{fffd}c',
          '\u{fffd}key': ['\u{fffd}'],
          plain: '\\u0000',
        })
      }))

    it('include the default tenant from the start, which cannot be removed', async () => {
      const tenant = await fixture().store.asTenant(DEFAULT_TENANT, (tx) => tx.resources.get(DEFAULT_TENANT))
      expect(tenant).toMatchObject({ kind: 'tenant', tenantId: DEFAULT_TENANT, name: DEFAULT_TENANT, revision: 1 })
      const removal = fixture().store.asSystem((tx) => tx.forTenant(DEFAULT_TENANT).remove(DEFAULT_TENANT))
      expect(await codeOf(removal)).toBe('in_use')
    })

    it('keep their tenant from being removed', async () => {
      const tenantId = await freshTenant(fixture())
      const { store } = fixture()
      const api = await store.asTenant(tenantId, (tx) => tx.resources.insert(newResource()))
      const removeTenant = () => store.asSystem((tx) => tx.forTenant(DEFAULT_TENANT).remove(tenantId))
      expect(await codeOf(removeTenant())).toBe('in_use')
      await store.asTenant(tenantId, (tx) => tx.resources.remove(api.id))
      expect(await codeOf(removeTenant())).toBe('resolved')
    })
  })
}
