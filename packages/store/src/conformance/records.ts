import { type AuditEvent, DEFAULT_TENANT, type SnapshotRow } from '@konnect/contract'
import { describe, expect, it } from 'vitest'
import { codeOf, type Fixture, freshId, freshTenant } from './fixture.ts'

const newEvent = (tenantId: string, change: Partial<AuditEvent> = {}): AuditEvent => ({
  id: freshId('aud'),
  tenantId,
  at: '2026-01-31T12:00:00.000Z',
  actor: 'user:ada@example.com',
  action: 'api.created',
  kind: 'api',
  resourceId: 'api_1',
  resourceName: 'orders',
  change: { before: null, after: { name: 'orders' } },
  clientIp: '192.0.2.1',
  ...change,
})

const newSnapshot = (version: number): SnapshotRow => ({
  version,
  payload: JSON.stringify({ format: 1, version }),
  signature: 'c2ln',
  publishedAt: '2026-01-31T12:00:00.000Z',
  actor: 'system',
  note: '',
  digest: `digest-${version}`,
  document: { zebra: 1, apis: [{ name: 'orders' }], alpha: '\0' },
})

/** Guarantees of the audit and Snapshot repositories. */
export function recordsConformance(fixture: () => Fixture): void {
  auditConformance(fixture)
  snapshotConformance(fixture)
}

function auditConformance(fixture: () => Fixture): void {
  describe('audit events', () => {
    it('come newest first, page by page', async () => {
      const tenantId = await freshTenant(fixture())
      const events = Array.from({ length: 7 }, (_, index) =>
        newEvent(tenantId, { at: `2026-01-0${index + 1}T00:00:00.000Z` }),
      )
      const twin = newEvent(tenantId, { at: '2026-01-07T00:00:00.000Z', clientIp: null })
      await fixture().store.asTenant(tenantId, async (tx) => {
        for (const event of [...events, twin]) await tx.audit.append(event)
        const seen: AuditEvent[] = []
        let cursor: string | null | undefined
        while (cursor !== null) {
          const page = await tx.audit.list({ limit: 3, ...(cursor === undefined ? {} : { cursor }) })
          seen.push(...page.items)
          cursor = page.nextCursor
        }
        expect(seen.slice(2)).toEqual([...events].reverse().slice(1))
        expect(seen.slice(0, 2)).toEqual(expect.arrayContaining([twin, events[6]]))
      })
    })

    it('are found by kind and resource', async () => {
      const tenantId = await freshTenant(fixture())
      const [api, model] = [newEvent(tenantId), newEvent(tenantId, { kind: 'model', resourceId: 'mdl_1' })]
      await fixture().store.asTenant(tenantId, async (tx) => {
        await tx.audit.append(api)
        await tx.audit.append(model)
        expect((await tx.audit.list({ kind: 'model' })).items).toEqual([model])
        expect((await tx.audit.list({ resourceId: 'api_1' })).items).toEqual([api])
        expect((await tx.audit.list({ kind: 'model', resourceId: 'api_1' })).items).toEqual([])
      })
    })

    it('of another tenant stay out of sight, and the system sees all', async () => {
      const [mine, theirs] = [await freshTenant(fixture()), await freshTenant(fixture())]
      const event = newEvent(theirs, { resourceId: freshId('api') })
      const query = { resourceId: event.resourceId ?? '' }
      await fixture().store.asTenant(theirs, (tx) => tx.audit.append(event))
      expect((await fixture().store.asTenant(mine, (tx) => tx.audit.list(query))).items).toEqual([])
      expect((await fixture().store.asSystem((tx) => tx.audit.list(query))).items).toEqual([event])
    })
  })
}

function snapshotConformance(fixture: () => Fixture): void {
  const publish = () =>
    fixture().store.asSystem(async (tx) => {
      const row = newSnapshot(await tx.snapshots.nextVersion())
      await tx.snapshots.insert(row)
      return row
    })

  describe('snapshots', () => {
    it('come back exactly as published, the order of keys included', async () => {
      const row = await publish()
      const { store } = fixture()
      const stored = await store.asSystem((tx) => tx.snapshots.get(row.version))
      expect(stored).toEqual(row)
      expect(Object.keys(stored?.document ?? {})).toEqual(['zebra', 'apis', 'alpha'])
      expect(await store.asSystem((tx) => tx.snapshots.latest())).toEqual(row)
      expect(await store.asTenant(DEFAULT_TENANT, (tx) => tx.snapshots.latest())).toEqual(row)
      expect(await store.asSystem((tx) => tx.snapshots.get(row.version + 1))).toBeUndefined()
    })

    it('get versions that grow by one, also when several publish at once', async () => {
      const first = await publish()
      const rows = await Promise.all(Array.from({ length: 5 }, () => publish()))
      expect(rows.map((row) => row.version).sort((a, b) => a - b)).toEqual(
        [1, 2, 3, 4, 5].map((n) => first.version + n),
      )
    })

    it('refuse a version that exists', async () => {
      const row = await publish()
      expect(await codeOf(fixture().store.asSystem((tx) => tx.snapshots.insert(row)))).toBe('name_taken')
    })

    it('are listed newest first without their content', async () => {
      const rows = [await publish(), await publish(), await publish()]
      const list = (cursor?: string) =>
        fixture().store.asSystem((tx) => tx.snapshots.list({ limit: 2, ...(cursor === undefined ? {} : { cursor }) }))
      const first = await list()
      const summaries = rows.map(({ payload, signature, document, ...summary }) => summary)
      expect(first.items).toEqual([summaries[2], summaries[1]])
      expect((await list(first.nextCursor ?? '')).items[0]).toEqual(summaries[0])
    })

    it('are pruned to the newest, and versions go on from there', async () => {
      const [, kept, newest] = [await publish(), await publish(), await publish()]
      const { store } = fixture()
      await store.asSystem((tx) => tx.snapshots.prune(2))
      const page = await store.asSystem((tx) => tx.snapshots.list({}))
      expect(page.items.map((item) => item.version)).toEqual([newest.version, kept.version])
      await store.asSystem((tx) => tx.snapshots.prune(0))
      expect(await store.asSystem((tx) => tx.snapshots.nextVersion())).toBe(newest.version + 1)
    })
  })
}
