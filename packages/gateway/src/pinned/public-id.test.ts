import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PIN_KINDS, type Pin, PublicIds, tagOf } from './public-id.ts'

const ids = new PublicIds(Buffer.alloc(32, 1))
const owner = { tenantId: 'default', applicationId: 'app_1' }
const pin: Pin = {
  kind: 'file',
  provider: tagOf('prov_1'),
  key: tagOf('default'),
  model: tagOf('mod_1'),
  id: 'file-abc123',
  batch: '',
}

describe('pinned ids', () => {
  it('read back as they were minted, at every gateway with the same key', () => {
    const text = fc.stringMatching(/^[A-Za-z0-9_.:-]{1,120}$/)
    fc.assert(
      fc.property(text, fc.constantFrom(...PIN_KINDS), fc.oneof(fc.constant(''), text), (id, kind, batch) => {
        const minted = ids.mint(owner, { ...pin, id, kind, batch })
        const elsewhere = new PublicIds(Buffer.alloc(32, 1))
        expect(elsewhere.read(owner, minted, [kind])).toEqual({ ...pin, id, kind, batch })
      }),
    )
  })

  it('begin as the vendor’s own do and fit into a path as they are', () => {
    expect(ids.mint(owner, pin)).toMatch(/^file-kn[A-Za-z0-9_-]+$/)
    expect(ids.mint(owner, { ...pin, id: 'resp_1', kind: 'response' })).toMatch(/^resp_kn[A-Za-z0-9_-]+$/)
    expect(ids.mint(owner, { ...pin, id: '550e8400' })).toMatch(/^id_kn[A-Za-z0-9_-]+$/)
  })

  it('are nothing to another application, another tenant or another installation', () => {
    const minted = ids.mint(owner, pin)
    expect(ids.read({ ...owner, applicationId: 'app_2' }, minted, PIN_KINDS)).toBeUndefined()
    expect(ids.read({ ...owner, tenantId: 'other' }, minted, PIN_KINDS)).toBeUndefined()
    expect(new PublicIds(Buffer.alloc(32, 2)).read(owner, minted, PIN_KINDS)).toBeUndefined()
  })

  it('keep tenant and application apart where their names could run together', () => {
    const minted = ids.mint({ tenantId: 'a', applicationId: 'bc' }, pin)
    expect(ids.read({ tenantId: 'ab', applicationId: 'c' }, minted, PIN_KINDS)).toBeUndefined()
  })

  it('are nothing after a change of any character', () => {
    const minted = ids.mint(owner, pin)
    for (let at = 0; at < minted.length; at++) {
      const forged = minted.slice(0, at) + (minted[at] === 'A' ? 'B' : 'A') + minted.slice(at + 1)
      expect(ids.read(owner, forged, PIN_KINDS), forged).toBeUndefined()
    }
    for (const text of [
      '',
      'file-abc123',
      minted.slice(0, -1),
      `${minted}A`,
      `${minted}=`,
      'file-kn',
      'x'.repeat(5000),
    ]) {
      expect(ids.read(owner, text, PIN_KINDS), text).toBeUndefined()
    }
  })

  it('are not taken for what they do not name', () => {
    const minted = ids.mint(owner, pin)
    expect(ids.read(owner, minted, ['batch', 'response'])).toBeUndefined()
    expect(ids.read(owner, minted, ['batch', 'file'])).toEqual(pin)
  })

  it('come with marks that differ by owner, provider and key, and are no ids', () => {
    const marks = [
      ids.ownerMark(owner, 'p', 'k'),
      ids.ownerMark(owner, 'p', 'l'),
      ids.ownerMark(owner, 'q', 'k'),
      ids.ownerMark({ ...owner, applicationId: 'app_2' }, 'p', 'k'),
      ids.ownerMark({ ...owner, tenantId: 'other' }, 'p', 'k'),
    ]
    expect(new Set(marks).size).toBe(marks.length)
    expect(ids.ownerMark(owner, 'p', 'k')).toBe(marks[0])
  })
})
