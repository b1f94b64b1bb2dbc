import { describe, expect, it } from 'vitest'
import { endUserOf } from './end-user.ts'

describe('endUserOf', () => {
  it.each([
    [{ user: 'u1' }, 'u1'],
    [{ user: 'old', safety_identifier: 'new' }, 'new'],
    [{ metadata: { user_id: 'u2' } }, 'u2'],
    [{ user: '', metadata: { user_id: 'u3' } }, 'u3'],
    [{ user: 7, metadata: 'none' }, undefined],
    [{ messages: [{ user: 'inner' }] }, undefined],
  ])('reads %j as %s', (body, user) => {
    expect(endUserOf(Buffer.from(JSON.stringify(body)))).toBe(user)
  })

  it('finds nobody in what is no JSON object', () => {
    for (const text of ['', '[]', '--boundary\r\n', '{"user":']) expect(endUserOf(Buffer.from(text))).toBeUndefined()
  })
})
