import { describe, expect, it } from 'vitest'
import { passwordRules } from './password-rules.ts'

const met = (password: string, email = 'ada@example.com') => passwordRules(password, email).map((rule) => rule.isMet)

describe('passwordRules', () => {
  it('are all met by a long phrase', () => expect(met('correct horse battery')).toEqual([true, true, true]))
  it('are not met by nothing', () => expect(met('')).toEqual([false, false, false]))
  it('count characters, not code units', () => expect(met('🙂🙃😀😁😂🤣😃😄😅')[0]).toBe(false))
  it('refuse one character over and over', () => expect(met('aaaaaaaaaaaa')[1]).toBe(false))
  it('refuse the name of the e-mail address', () => {
    expect(met('lovelace-1815', 'lovelace@example.com')[2]).toBe(false)
  })
})
