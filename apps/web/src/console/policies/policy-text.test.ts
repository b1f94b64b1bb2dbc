import { describe, expect, it } from 'vitest'
import { settingsText } from './policy-text.ts'

describe('settingsText', () => {
  it('puts settings into one line', () => {
    expect(settingsText({ limit: 100, window: '60s', hideCredential: true })).toBe(
      'limit 100 · window 60s · hide credential yes',
    )
    expect(settingsText({ origins: ['a', 'b'], deny: [], set: { a: 'b' } })).toBe(
      'origins a, b · deny none · set {"a":"b"}',
    )
  })

  it('says so when there are none', () => {
    expect(settingsText()).toBe('Default settings')
    expect(settingsText({})).toBe('Default settings')
  })
})
