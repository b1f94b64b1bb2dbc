import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { callsConformance } from './calls.ts'
import type { Fixture } from './fixture.ts'
import { identityConformance } from './identity.ts'
import { isolationConformance } from './isolation.ts'
import { recordsConformance } from './records.ts'
import { resourcesConformance } from './resources.ts'
import { versionsConformance } from './versions.ts'

/** Everything a store guarantees, over one store that all tests share. `open` returns an empty one. */
export function storeConformance(name: string, open: () => Promise<Fixture>): void {
  describe(name, () => {
    let opened: Fixture | undefined
    const fixture = (): Fixture => {
      if (opened === undefined) throw new Error('the store is not open')
      return opened
    }
    beforeAll(async () => {
      opened = await open()
    })
    afterAll(() => opened?.store.close())

    it('answers', async () => {
      await expect(fixture().store.ping()).resolves.toBeUndefined()
    })
    resourcesConformance(fixture)
    isolationConformance(fixture)
    identityConformance(fixture)
    recordsConformance(fixture)
    callsConformance(fixture)
    versionsConformance(fixture)
  })
}
