import { FakeExchange, fakePolicyContext } from '@konnect/testkit'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ipRule } from './policy.ts'
import { compileRanges } from './ranges.ts'

async function passes(settings: Parameters<typeof ipRule.compile>[0], clientIp: string): Promise<boolean> {
  const { match } = ipRule.compile(settings, fakePolicyContext())
  try {
    await match?.(new FakeExchange({ clientIp }))
    return true
  } catch (error) {
    expect(error).toMatchObject({ code: 'address_denied', status: 403 })
    return false
  }
}

describe('ip-rule', () => {
  it('lets everyone in without lists', async () => {
    expect(await passes({}, '203.0.113.9')).toBe(true)
  })

  it('lets in only what is allowed', async () => {
    const settings = { allow: ['10.0.0.0/8', '192.0.2.7', '2001:db8::/32'] }
    for (const address of ['10.0.0.0', '10.255.255.255', '192.0.2.7', '2001:db8::1'])
      expect(await passes(settings, address)).toBe(true)
    for (const address of ['9.255.255.255', '11.0.0.0', '192.0.2.8', '2001:db9::1', '::1'])
      expect(await passes(settings, address)).toBe(false)
  })

  it('lets deny win over allow', async () => {
    const settings = { allow: ['10.0.0.0/8'], deny: ['10.1.0.0/16'] }
    expect(await passes(settings, '10.2.0.1')).toBe(true)
    expect(await passes(settings, '10.1.2.3')).toBe(false)
  })

  it('takes an IPv4 address mapped into IPv6 for the IPv4 address, on both sides', async () => {
    expect(await passes({ deny: ['192.0.2.0/24'] }, '::ffff:192.0.2.1')).toBe(false)
    expect(await passes({ deny: ['::ffff:192.0.2.0/120'] }, '192.0.2.1')).toBe(false)
    expect(await passes({ allow: ['::ffff:c000:201'] }, '192.0.2.1')).toBe(true)
  })

  it('ignores host bits of a range and the zone of an address', async () => {
    expect(await passes({ allow: ['10.1.2.3/8'] }, '10.9.9.9')).toBe(true)
    expect(await passes({ allow: ['fe80::/10'] }, 'fe80::1%eth0')).toBe(true)
  })

  it('knows the widest ranges', async () => {
    expect(await passes({ deny: ['0.0.0.0/0'] }, '255.255.255.255')).toBe(false)
    expect(await passes({ deny: ['::/0'] }, 'ffff::1')).toBe(false)
    expect(await passes({ deny: ['::/0'] }, '192.0.2.1')).toBe(true)
  })

  it('refuses an address that cannot be read, also with a deny list only', async () => {
    expect(await passes({ deny: ['10.0.0.0/8'] }, 'unknown')).toBe(false)
    expect(await passes({ allow: ['0.0.0.0/0'] }, '010.0.0.1')).toBe(false)
  })

  it('refuses ranges that are none when it is compiled', () => {
    for (const range of ['10.0.0.0/33', '10.0.0', '::1/129', '10.0.0.0/', '300.1.1.1', '0x7f.0.0.1', '10.0.0.0/8/8']) {
      expect(() => ipRule.compile({ allow: [range] }, fakePolicyContext())).toThrow('snapshot_invalid')
    }
  })

  it('agrees with comparing bits one by one', () => {
    const octets = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255))
    const bitsOf = (address: readonly number[]) => address.map((octet) => octet.toString(2).padStart(8, '0')).join('')
    fc.assert(
      fc.property(fc.array(fc.tuple(octets, fc.nat(32)), { maxLength: 12 }), octets, (ranges, address) => {
        const isInside = compileRanges(ranges.map(([base, bits]) => `${base.join('.')}/${bits}`))
        const expected = ranges.some(([base, bits]) => bitsOf(base).slice(0, bits) === bitsOf(address).slice(0, bits))
        expect(isInside(address.join('.'))).toBe(expected)
        expect(isInside(`::ffff:${address.join('.')}`)).toBe(expected)
      }),
    )
  })
})
