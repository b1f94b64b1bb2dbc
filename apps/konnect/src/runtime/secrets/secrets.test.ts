import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { deriveKeys, loadMasterKey } from './master-key.ts'
import { createPlaygroundTokens } from './playground-token.ts'
import { createSecretBox } from './secret-box.ts'
import { createSnapshotSigner } from './snapshot-signer.ts'

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'konnect-key-'))
  folders.push(folder)
  return folder
}

const keys = deriveKeys('a master key of at least 32 characters')
const otherKeys = deriveKeys('another master key of 32 characters ')

describe('the master key', () => {
  it('is made once, for its owner only, and read again afterwards', () => {
    const folder = emptyFolder()
    const made = loadMasterKey(folder, undefined)
    expect(made.length).toBeGreaterThanOrEqual(32)
    expect(loadMasterKey(folder, undefined)).toBe(made)
    expect(statSync(join(folder, 'master.key')).mode & 0o777).toBe(0o600)
  })

  it('is the given one where one is given, and nothing is written', () => {
    const folder = join(emptyFolder(), 'untouched')
    expect(loadMasterKey(folder, 'x'.repeat(32))).toBe('x'.repeat(32))
    expect(() => statSync(folder)).toThrow()
  })

  it('is refused when it is short', () => {
    expect(() => loadMasterKey(emptyFolder(), 'short')).toThrow('at least 32 characters')
  })

  it('gives a different key for each purpose', () => {
    const all = [keys.sealing, keys.signing, keys.playground, keys.pinning].map((key) => key.toString('hex'))
    expect(new Set([...all, keys.gatewayToken]).size).toBe(5)
  })
})

describe('sealed secrets', () => {
  const box = createSecretBox(keys.sealing)

  it('open to what was sealed, whatever it was, and never look the same twice', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (secret) => {
        const sealed = box.seal(secret)
        expect(box.open(sealed)).toBe(secret)
        expect(box.isSealed(sealed)).toBe(true)
        expect(box.seal(secret)).not.toBe(sealed)
      }),
    )
  })

  it('do not open with another key, after any change, or when they never were sealed', () => {
    const sealed = box.seal('secret')
    expect(() => createSecretBox(otherKeys.sealing).open(sealed)).toThrow('secret_unreadable')
    const changed = sealed.slice(0, -2) + (sealed.endsWith('AA') ? 'BB' : 'AA')
    expect(() => box.open(changed)).toThrow('secret_unreadable')
    expect(() => box.open('plain')).toThrow('secret_unreadable')
    expect(() => box.open('sealed:v1:')).toThrow('secret_unreadable')
  })
})

describe('Snapshot signatures', () => {
  it('fit the exact text and the installation that signed it', () => {
    const signer = createSnapshotSigner(keys.signing)
    const signature = signer.sign('payload')
    expect(signer.verify('payload', signature)).toBe(true)
    expect(signer.verify('payload ', signature)).toBe(false)
    expect(signer.verify('payload', 'AAAA')).toBe(false)
    expect(createSnapshotSigner(otherKeys.signing).verify('payload', signature)).toBe(false)
  })
})

describe('playground tokens', () => {
  const subject = { tenantId: 'default', applicationId: 'app_1' }

  it('speak for their subject for one minute', () => {
    let now = 1_000_000
    const tokens = createPlaygroundTokens(keys.playground, () => now)
    const token = tokens.mint(subject)
    expect(tokens.verify(token)).toEqual(subject)
    now += 60_001
    expect(tokens.verify(token)).toBeUndefined()
  })

  it('are nothing when forged or foreign', () => {
    const tokens = createPlaygroundTokens(keys.playground)
    const token = tokens.mint(subject)
    const [head = '', mac = ''] = token.split('.')
    const payload = Buffer.from(JSON.stringify(['default', 'app_2', Date.now() + 60_000])).toString('base64url')
    expect(tokens.verify(`kn_play_${payload}.${mac}`)).toBeUndefined()
    expect(tokens.verify(`${head}.`)).toBeUndefined()
    expect(tokens.verify('kn_live_something')).toBeUndefined()
    expect(createPlaygroundTokens(otherKeys.playground).verify(token)).toBeUndefined()
  })
})
