import type { JsonObject } from '@konnect/contract'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CATALOG, createTestBox } from '../harness/control-harness.ts'
import { bodySchemaOf, definitionOf } from './kinds.ts'
import { createSecrets } from './secrets.ts'

const box = createTestBox()
const secrets = createSecrets(CATALOG, box)
const schema = bodySchemaOf(definitionOf('application'))
const gate = (token: string, limit = 1) => ({ use: 'gate', with: { limit, token } })
const spec = (...policies: object[]) => ({ name: 'a', policies }) as unknown as JsonObject
const plainOf = (sealed: JsonObject) => secrets.unmask(schema, secrets.mask(schema, sealed), sealed)

describe('secrets', () => {
  it('come back from sealing, masking and unmasking as they were', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.string({ minLength: 8 }).filter((text) => text !== '***'),
          { maxLength: 4 },
        ),
        (tokens) => {
          const plain = spec(...tokens.map((token) => gate(token)))
          const sealed = secrets.seal(schema, plain, undefined)
          for (const policy of sealed.policies as { with: { token: string } }[])
            expect(box.isSealed(policy.with.token)).toBe(true)
          expect(plainOf(sealed)).toEqual({ plain, faults: [] })
        },
      ),
    )
  })

  it('keep their sealed text while they stay the same, and only then', () => {
    const first = secrets.seal(schema, spec(gate('one-secret')), undefined)
    const tokenOf = (sealed: JsonObject) => (sealed.policies as { with: { token: string } }[])[0]?.with.token
    const second = secrets.seal(schema, spec(gate('one-secret', 2)), first)
    expect(tokenOf(second)).toBe(tokenOf(first))
    expect(secrets.seal(schema, spec(gate('two-secret')), first)).not.toEqual(first)
  })

  it('of several uses of one policy stay with their own', () => {
    const sealed = secrets.seal(schema, spec(gate('first-one', 1), { use: 'stamp' }, gate('second-one', 2)), undefined)
    const masked = spec({ use: 'stamp' }, gate('***', 1), gate('***', 2))
    expect(secrets.unmask(schema, masked, sealed).plain).toEqual(
      spec({ use: 'stamp' }, gate('first-one', 1), gate('second-one', 2)),
    )
  })

  it('that are sealed read *** even where no schema calls them secret any more', () => {
    const orphan = spec({ use: 'gone', with: { deep: [{ key: box.seal('forgotten') }] } })
    expect(secrets.mask(schema, orphan)).toEqual(spec({ use: 'gone', with: { deep: [{ key: '***' }] } }))
  })

  it('that cannot be opened are an error, not an empty text', () => {
    const foreign = createSecrets(CATALOG, createTestBox()).seal(schema, spec(gate('elsewhere')), undefined)
    expect(() => plainOf(foreign)).toThrow('secret_unreadable')
  })
})
